//! Which webhook is told of what.

use chrono::Duration;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, AuditOutcome, ProfileUpdate, WebhookEvent};
use rookery_core::ports::{MessageState, SignInOutcome};

use super::{added, claim, happens, owner, reports, told};
use crate::contract::World;

pub async fn what_commits_is_told_with_it_and_what_does_not_is_not(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let session = world.signed_in(&person).await;
    world.advance(Duration::seconds(1));
    let update = ProfileUpdate {
        weekly_reports: Some(true),
        ..ProfileUpdate::default()
    };
    let change = world.profile_change(&person, update);
    world.stores.profiles.apply(&change).await.unwrap();
    let expected = ["user.updated", "session.created", "user.created"];
    assert_eq!(told(&world, webhook).await, expected);
    let reports = reports(&world, webhook).await;
    assert!(reports.iter().all(|report| report.user == Some(person.user)));
    assert_eq!(
        (reports[0].event, reports[0].occurred),
        (change.event.id, change.event.at)
    );
    assert_eq!((reports[0].state, reports[0].attempts), (MessageState::Queued, 0));
    let claimed = claim(&world).await;
    assert_eq!(claimed[1].event.session, Some(session.id));

    let before = world.ledger().await;
    let mut outdated = world.sign_in(&person);
    outdated.credential_version = 0;
    let outcome = world.stores.credentials.sign_in(&outdated).await.unwrap();
    assert_ne!(outcome, SignInOutcome::Opened);
    assert!(world.since(&before).await.is_empty());
}

pub async fn what_was_refused_or_is_about_nobody_is_not_told(world: World) {
    let person = world.person("ada@example.com").await;
    let webhook = added(&world, None, &[]).await;
    let refused = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::LogIn, Some(&person))
    };
    let nobody = world.event(AuditAction::LogIn, None);
    let unmapped = world.event(AuditAction::PasswordResetRequest, Some(&person));
    for event in [&refused, &nobody, &unmapped] {
        world.stores.audit.record(event).await.unwrap();
    }
    assert!(told(&world, webhook).await.is_empty());
}

pub async fn a_webhook_is_told_of_the_kinds_it_wants(world: World) {
    let some = added(
        &world,
        None,
        &[WebhookEvent::PasswordReset, WebhookEvent::SessionRevoked],
    )
    .await;
    let one = added(&world, None, &[WebhookEvent::UserCreated]).await;
    let person = world.person("ada@example.com").await;
    for action in [
        AuditAction::LogIn,
        AuditAction::LogOut,
        AuditAction::OtherSessionsEnded,
        AuditAction::PasswordReset,
    ] {
        happens(&world, action, &person).await;
    }
    assert_eq!(told(&world, some).await, ["password.reset", "session.revoked"]);
    assert_eq!(told(&world, one).await, ["user.created"]);
}

/// A62: what happens in one tenant is not told to another.
pub async fn a_tenant_s_webhook_is_told_of_its_members_and_of_sessions_opened_inside_it(world: World) {
    let (ada, engines) = owner(&world, "ada@example.com").await;
    let (bob, elsewhere) = owner(&world, "bob@example.com").await;
    let (hers, his) = (
        added(&world, Some(engines), &[]).await,
        added(&world, Some(elsewhere), &[]).await,
    );
    happens(&world, AuditAction::PasswordChange, &ada).await;
    happens(&world, AuditAction::EmailVerified, &bob).await;
    world.advance(Duration::seconds(1));
    for (action, tenant) in [
        (AuditAction::LogIn, Some(elsewhere)),
        (AuditAction::ProfileUpdate, Some(elsewhere)),
        (AuditAction::LogOut, None),
    ] {
        world.advance(Duration::seconds(1));
        let event = AuditEvent {
            tenant,
            ..world.event(action, Some(&ada))
        };
        world.stores.audit.record(&event).await.unwrap();
    }
    let expected = ["session.revoked", "user.updated", "password.changed"];
    assert_eq!(
        told(&world, hers).await,
        expected,
        "the session elsewhere is none of hers"
    );
    assert_eq!(told(&world, his).await, ["user.verified"], "she is none of his");
    let claimed = claim(&world).await;
    for message in claimed {
        let expected = if message.webhook == hers { engines } else { elsewhere };
        assert_eq!(
            message.event.tenant,
            Some(expected),
            "it learns of no tenant but its own"
        );
    }
}

pub async fn a_session_that_was_ended_from_another_is_the_one_that_is_told(world: World) {
    let person = world.person("ada@example.com").await;
    added(&world, None, &[]).await;
    let (by, ended) = (world.mint.session_id(world.now()), world.mint.session_id(world.now()));
    let event = AuditEvent {
        session: Some(by),
        target: Some(format!("session:{ended}")),
        ..world.event(AuditAction::SessionEnded, Some(&person))
    };
    world.stores.audit.record(&event).await.unwrap();
    assert_eq!(claim(&world).await[0].event.session, Some(ended));
}
