//! Asking for another address.

use chrono::Duration;
use rookery_core::Reader;
use rookery_core::domain::{AuditAction, PendingEmail, ProfileUpdate, TokenPurpose};
use rookery_core::ports::{
    EmailChangeOutcome, EmailChangeRequest, EmailChangeRequestOutcome, PasswordChangeOutcome, PendingEmailChange,
    Redemption,
};

use crate::contract::World;
use crate::contract::draft::address;

// Proves: A12
pub async fn a_wish_waits_and_everything_else_stays_as_it_is(world: World) {
    let person = world.person("Ada@example.com").await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let before = world.ledger().await;
    let request = world.wished(&person, &session, "Ada@new.example").await;
    assert_eq!(
        world.since(&before).await,
        [
            "events email.change_requested success +1",
            "mails confirm_new_email queued +1",
            "mails email_change_requested queued +1",
            "tokens email_change live +1",
        ]
    );
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    let expected = PendingEmailChange {
        user: person.user,
        from: person.email.clone(),
        to: address("Ada@new.example"),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        reader: Reader::default(),
        disabled: None,
        expires: request.token.expires,
    };
    assert_eq!(found, Some(expected));
    assert_eq!(world.owner_of(&person.email).await, Some(person.user));
    assert_eq!(world.owner_of(&request.to).await, None, "recovery does not know it");
    assert!(world.stores.tokens.find(&reset).await.unwrap().is_some());
    let pending = PendingEmail {
        email: request.to.clone(),
        expires: request.token.expires,
    };
    for session in [session, elsewhere] {
        let profile = world.resolved(&session.digest).await.unwrap().profile;
        assert_eq!(profile.email, person.email);
        assert_eq!(profile.pending_email.as_ref(), Some(&pending));
    }
    let update = ProfileUpdate {
        weekly_reports: Some(true),
        ..ProfileUpdate::default()
    };
    let changed = world
        .stores
        .profiles
        .apply(&world.profile_change(&person, update))
        .await;
    assert_eq!(changed.unwrap().unwrap().pending_email, Some(pending));
    let bystander = world.person("bob@example.com").await;
    assert!(
        !world.is_taken("Ada@new.example", &bystander).await,
        "nobody has it yet"
    );
}

pub async fn a_newer_wish_replaces_the_older(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let older = world.wished(&person, &session, "ada@typo.example").await;
    let newer = world.wished(&person, &session, "ada@new.example").await;
    let addresses = &world.stores.addresses;
    assert_eq!(addresses.find(&older.token.digest).await.unwrap(), None);
    assert_eq!(world.confirmed(&person, &older).await, EmailChangeOutcome::Spent);
    let mixed = EmailChangeRequest {
        to: older.to.clone(),
        ..newer.clone()
    };
    assert_eq!(
        world.confirmed(&person, &mixed).await,
        EmailChangeOutcome::Spent,
        "a token confirms one address"
    );
    assert_eq!(world.confirmed(&person, &newer).await, EmailChangeOutcome::Changed);
    assert_eq!(world.owner_of(&newer.to).await, Some(person.user));
}

pub async fn a_wish_on_an_outdated_version_or_from_a_session_that_has_ended_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&bystander).await;
    let before = world.ledger().await;
    let outdated = EmailChangeRequest {
        credential_version: 2,
        ..world.email_change_request(&person, &session, "ada@new.example")
    };
    let foreign = world.email_change_request(&person, &other, "ada@new.example");
    world.advance(Duration::minutes(30));
    let ended = world.email_change_request(&person, &session, "ada@new.example");
    for (request, expected) in [
        (outdated, EmailChangeRequestOutcome::Superseded),
        (foreign, EmailChangeRequestOutcome::SessionEnded),
        (ended, EmailChangeRequestOutcome::SessionEnded),
    ] {
        assert_eq!(world.stores.addresses.request(&request).await.unwrap(), expected);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}

// Proves: ASVS 2.3.1
pub async fn a_wish_that_was_called_off_cannot_be_confirmed(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@new.example").await;
    let before = world.ledger().await;
    let event = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(world.stores.addresses.cancel(&person.user, &event).await.unwrap());
    let again = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(!world.stores.addresses.cancel(&person.user, &again).await.unwrap());
    assert_eq!(
        world.since(&before).await,
        [
            "events email.change_cancelled success +1",
            "tokens email_change live -1",
            "tokens email_change void +1",
        ]
    );
    let found = world.stores.addresses.find(&request.token.digest).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    let profile = world.resolved(&session.digest).await.unwrap().profile;
    assert_eq!(profile.pending_email, None);
}

pub async fn a_new_password_calls_a_waiting_change_off(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "ada@thief.example").await;
    let change = world.password_change(&person, &session, "second");
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, PasswordChangeOutcome::Changed);
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    let nothing = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(!world.stores.addresses.cancel(&person.user, &nothing).await.unwrap());

    let person = world.person("eve@example.com").await;
    let session = world.signed_in(&person).await;
    let request = world.wished(&person, &session, "eve@thief.example").await;
    let reset = world.issue(TokenPurpose::PasswordReset, person.addressee());
    let reset = world.issued(&reset).await;
    let reset = world.password_reset(&person, reset, "second");
    let outcome = world.stores.tokens.reset_password(&reset).await.unwrap();
    assert_eq!(outcome, Redemption::Redeemed);
    assert_eq!(world.confirmed(&person, &request).await, EmailChangeOutcome::Spent);
    let nothing = world.event(AuditAction::EmailChangeCancelled, Some(&person));
    assert!(!world.stores.addresses.cancel(&person.user, &nothing).await.unwrap());
}
