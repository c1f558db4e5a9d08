//! What operators see of an account, and change.

use chrono::Duration;
use rookery_core::domain::{AuditAction, UserId};
use rookery_core::ports::{Account, AccountChange, SignInOutcome};

use crate::contract::World;
use crate::contract::draft::{address, hash};

pub async fn an_operator_sees_the_account_as_it_is(world: World) {
    let person = world.person("Ada@example.com").await;
    let expected = Account {
        user: person.user,
        email: person.email.clone(),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        email_verified: None,
        disabled: None,
        created: world.now(),
        last_login: None,
        sessions: 0,
    };
    let found = world.stores.accounts.find(&address("ADA@example.com")).await.unwrap();
    assert_eq!(found, Some(expected.clone()));

    world.advance(Duration::microseconds(61_000_001));
    world.signed_in(&person).await;
    world.signed_in(&person).await;
    let found = world.stores.accounts.find(&person.email).await.unwrap();
    let expected = Account {
        last_login: Some(world.now()),
        sessions: 2,
        ..expected
    };
    assert_eq!(found, Some(expected));
}

pub async fn nobody_is_found_under_an_unknown_address(world: World) {
    world.person("ada@example.com").await;
    let found = world.stores.accounts.find(&address("bob@example.com")).await.unwrap();
    assert_eq!(found, None);
}

pub async fn verifying_keeps_the_time_of_an_earlier_verification(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let first = world.now();
    for _ in 0..2 {
        let event = world.event(AuditAction::EmailVerified, Some(&person));
        let found = world
            .stores
            .accounts
            .change(&person.user, &AccountChange::Verify, &event)
            .await;
        assert!(found.unwrap());
        world.advance(Duration::hours(1));
    }
    let account = world.stores.accounts.find(&person.email).await.unwrap().unwrap();
    assert_eq!(account.email_verified, Some(first));
    assert_eq!(
        world.since(&before).await,
        ["events email.verified success +2", "users verified +1"]
    );
}

pub async fn disabling_ends_every_session_and_refuses_the_sign_in_under_way(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let under_way = world.sign_in(&person);
    let before = world.ledger().await;

    let event = world.event(AuditAction::Disabled, Some(&person));
    let found = world
        .stores
        .accounts
        .change(&person.user, &AccountChange::Disable, &event)
        .await;
    assert!(found.unwrap());
    assert_eq!(
        world.since(&before).await,
        ["events user.disabled success +1", "sessions -1"]
    );
    assert_eq!(world.resolved(&session.digest).await, None);
    assert!(world.resolved(&other.digest).await.is_some());

    let outcome = world.stores.credentials.sign_in(&under_way).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
    let mut with_new_version = world.sign_in(&person);
    let credential = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!(credential.disabled, Some(event.at));
    with_new_version.credential_version = credential.version;
    let outcome = world.stores.credentials.sign_in(&with_new_version).await.unwrap();
    assert_eq!(outcome, SignInOutcome::Superseded);
}

pub async fn disabling_twice_keeps_the_first_time_and_enabling_lets_in_again(world: World) {
    let person = world.person("ada@example.com").await;
    let first = world.now();
    for _ in 0..2 {
        let event = world.event(AuditAction::Disabled, Some(&person));
        let change = AccountChange::Disable;
        assert!(
            world
                .stores
                .accounts
                .change(&person.user, &change, &event)
                .await
                .unwrap()
        );
        world.advance(Duration::minutes(1));
    }
    let account = world.stores.accounts.find(&person.email).await.unwrap().unwrap();
    assert_eq!(account.disabled, Some(first));

    let event = world.event(AuditAction::Enabled, Some(&person));
    let change = AccountChange::Enable;
    assert!(
        world
            .stores
            .accounts
            .change(&person.user, &change, &event)
            .await
            .unwrap()
    );
    let credential = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!((credential.disabled, credential.hash), (None, hash("first")));
    let mut sign_in = world.sign_in(&person);
    sign_in.credential_version = credential.version;
    world.open(&sign_in).await;
}

pub async fn changing_an_account_that_is_not_there_writes_nothing(world: World) {
    world.person("ada@example.com").await;
    let before = world.ledger().await;
    let nobody = UserId::new(world.now(), &[9; 10]);
    for change in [AccountChange::Verify, AccountChange::Disable, AccountChange::Enable] {
        let event = world.event(AuditAction::Disabled, None);
        assert!(
            !world.stores.accounts.change(&nobody, &change, &event).await.unwrap(),
            "{change:?}"
        );
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}
