//! Asking to be deleted.

use futures_util::future::join_all;
use rookery_core::domain::TokenPurpose;
use rookery_core::ports::{DeletionRequest, DeletionRequestOutcome, PendingDeletion, SignInOutcome};

use super::grace;
use crate::contract::World;
use crate::contract::second_factors::paper;
use crate::contract::tenants::founded;

// Proves: A67
pub async fn a_request_ends_everything_at_once_and_waits(world: World) {
    let ada = world.person("Ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&bystander).await;
    world.signed_in(&ada).await;
    let session = world.signed_in(&ada).await;
    let reset = world.issue(TokenPurpose::PasswordReset, ada.addressee());
    let reset = world.issued(&reset).await;
    let before = world.ledger().await;
    let request = world.deletion_request(&ada, &session, 1);
    let outcome = world.stores.deletions.request(&request).await.unwrap();
    assert_eq!(outcome, DeletionRequestOutcome::Requested);
    assert_eq!(
        world.since(&before).await,
        [
            "devices -2",
            "events user.deletion_requested success +1",
            "mails deletion_scheduled queued +1",
            "sessions -2",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "tokens keep_account live +1",
            "tokens password_reset live -1",
            "tokens password_reset void +1",
        ]
    );
    assert_eq!(world.resolved(&session.digest).await, None);
    assert_eq!(world.stores.tokens.find(&reset).await.unwrap(), None);
    let expected = PendingDeletion {
        requested: world.now(),
        due: world.now() + grace(),
        closed: Vec::new(),
    };
    assert_eq!(world.pending(&ada).await, Some(expected.clone()));
    let credential = world.stores.credentials.by_email(&ada.email).await.unwrap().unwrap();
    assert_eq!(credential.deletion, Some(expected.clone()));
    let credential = world.stores.credentials.by_user(&ada.user).await.unwrap().unwrap();
    assert_eq!(credential.deletion, Some(expected));
    assert_eq!(world.pending(&bystander).await, None);
}

pub async fn a_request_that_is_not_as_it_was_decided_writes_nothing(world: World) {
    let (ada, _, session) = world.guarded("ada@example.com").await;
    let version = world
        .stores
        .credentials
        .by_user(&ada.user)
        .await
        .unwrap()
        .unwrap()
        .version;
    let tenant = founded(&world, &ada, "Engines").await;
    let before = world.ledger().await;
    let outdated = world.deletion_request(&ada, &session, version);
    let closing = world.closing(&ada).await;
    let decided = |version| DeletionRequest {
        closing: closing.clone(),
        ..world.deletion_request(&ada, &session, version)
    };
    let ended = DeletionRequest {
        by: world.mint.session_id(world.now()),
        ..decided(version)
    };
    let spent = DeletionRequest {
        used: Some(paper(200)),
        ..decided(version)
    };
    for (request, expected) in [
        (outdated, DeletionRequestOutcome::Outdated),
        (decided(version - 1), DeletionRequestOutcome::Superseded),
        (ended, DeletionRequestOutcome::SessionEnded),
        (spent, DeletionRequestOutcome::CodeSpent),
    ] {
        let outcome = world.stores.deletions.request(&request).await.unwrap();
        assert_eq!(outcome, expected);
        assert_eq!(world.since(&before).await, [""; 0], "{expected:?}");
    }
    let right = DeletionRequest {
        used: Some(paper(1)),
        ..decided(version)
    };
    let outcome = world.stores.deletions.request(&right).await.unwrap();
    assert_eq!(outcome, DeletionRequestOutcome::Requested);
    assert_eq!(world.pending(&ada).await.unwrap().closed, [tenant]);
}

pub async fn of_requests_at_once_one_counts(world: World) {
    let ada = world.person("ada@example.com").await;
    let session = world.signed_in(&ada).await;
    let requests: Vec<_> = (0..8).map(|_| world.deletion_request(&ada, &session, 1)).collect();
    let outcomes = join_all(requests.iter().map(|request| world.stores.deletions.request(request))).await;
    let counted = outcomes
        .into_iter()
        .filter(|outcome| *outcome.as_ref().unwrap() == DeletionRequestOutcome::Requested);
    assert_eq!(counted.count(), 1);
    assert_eq!(world.ledger().await.count("tokens keep_account live"), 1);
}

// Proves: A67
pub async fn a_sign_in_under_way_when_a_deletion_is_asked_for_opens_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let decided = world.sign_in(&ada);
    world.leaving(&ada).await;
    let outcome = world.stores.credentials.sign_in(&decided).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
    assert!(world.pending(&ada).await.is_some());
}
