//! Issuing tokens and finding them again.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::Reader;
use rookery_core::domain::TokenPurpose::{EmailVerification, PasswordReset};
use rookery_core::domain::{AuditAction, TokenDigest};
use rookery_core::ports::{AccountChange, Addressee, OutboxClaim, Redemption, TokenRecord};

use crate::contract::World;

pub async fn a_token_is_found_with_its_person(world: World) {
    let person = world.person("Ada@example.com").await;
    let issue = world.issue(PasswordReset, person.addressee());
    let digest = world.issued(&issue).await;
    let before = world.ledger().await;
    let expected = TokenRecord {
        user: person.user,
        email: person.email.clone(),
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        reader: Reader::default(),
        given_name: Some("Ада".to_owned()),
        family_name: Some("O'Lovelace".to_owned()),
        email_verified: None,
        disabled: None,
        policies: Vec::new(),
        expires: issue.token.expires,
        consumed: None,
    };
    assert_eq!(world.stores.tokens.find(&digest).await.unwrap(), Some(expected.clone()));
    assert_eq!(world.since(&before).await, [""; 0], "looking changes nothing");

    let event = world.event(AuditAction::Disabled, Some(&person));
    let change = AccountChange::Disable;
    world
        .stores
        .accounts
        .change(&person.user, &change, &event)
        .await
        .unwrap();
    let expected = TokenRecord {
        disabled: Some(event.at),
        ..expected
    };
    assert_eq!(world.stores.tokens.find(&digest).await.unwrap(), Some(expected));
}

pub async fn an_unknown_token_is_not_found(world: World) {
    world.person("ada@example.com").await;
    let found = world.stores.tokens.find(&TokenDigest::from_bytes([0; 32])).await;
    assert_eq!(found.unwrap(), None);
}

// Proves: ASVS 6.4.1
pub async fn an_expired_token_is_found_and_cannot_be_used(world: World) {
    let person = world.person("ada@example.com").await;
    let reset = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    let verify = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    world.advance(Duration::hours(1));
    let before = world.ledger().await;
    for digest in [&reset, &verify] {
        let record = world.stores.tokens.find(digest).await.unwrap().unwrap();
        assert_eq!(record.expires, world.now());
    }
    let password = world.password_reset(&person, reset, "second");
    let redeemed = world.stores.tokens.reset_password(&password).await;
    assert_eq!(redeemed.unwrap(), Redemption::Spent);
    let redeemed = world
        .stores
        .tokens
        .prove_email(&world.email_proof(&person, verify))
        .await;
    assert_eq!(redeemed.unwrap(), Redemption::Spent);
    assert_eq!(world.since(&before).await, [""; 0]);

    world.advance(-Duration::microseconds(1));
    let redeemed = world
        .stores
        .tokens
        .prove_email(&world.email_proof(&person, verify))
        .await;
    assert_eq!(redeemed.unwrap(), Redemption::Redeemed, "to its last moment");
}

// Proves: A02
pub async fn a_newer_reset_token_voids_the_older(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let other = world.issued(&world.issue(PasswordReset, bystander.addressee())).await;
    let older = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    let before = world.ledger().await;
    let newer = world.issued(&world.issue(PasswordReset, person.addressee())).await;

    assert_eq!(
        world.since(&before).await,
        [
            "events password.reset_requested success +1",
            "mails reset_password queued +1",
            "tokens password_reset void +1",
        ]
    );
    assert_eq!(world.stores.tokens.find(&older).await.unwrap(), None);
    assert!(world.stores.tokens.find(&newer).await.unwrap().is_some());
    assert!(world.stores.tokens.find(&other).await.unwrap().is_some());
    let reset = world.password_reset(&person, older, "second");
    assert_eq!(
        world.stores.tokens.reset_password(&reset).await.unwrap(),
        Redemption::Spent
    );
    let verification_lives = world.ledger().await.count("tokens email_verification live");
    assert_eq!(verification_lives, 2, "of the sign-ups");
}

pub async fn of_reset_tokens_issued_at_once_one_is_live(world: World) {
    let person = world.person("ada@example.com").await;
    let issues: Vec<_> = (0..6).map(|_| world.issue(PasswordReset, person.addressee())).collect();
    for issued in join_all(issues.iter().map(|issue| world.stores.tokens.issue(issue))).await {
        issued.unwrap();
    }
    let ledger = world.ledger().await;
    assert_eq!(ledger.count("tokens password_reset live"), 1);
    assert_eq!(ledger.count("tokens password_reset void"), 5);
}

pub async fn a_newer_verification_token_leaves_the_older_alone(world: World) {
    let person = world.person("ada@example.com").await;
    let older = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    let before = world.ledger().await;
    let newer = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    assert_eq!(
        world.since(&before).await,
        [
            "events email.verification_requested success +1",
            "mails verify_email queued +1",
            "tokens email_verification live +1",
        ]
    );
    for digest in [older, newer] {
        assert!(world.stores.tokens.find(&digest).await.unwrap().is_some());
    }
}

pub async fn a_token_for_nobody_is_never_found_and_its_mail_never_sent(world: World) {
    let before = world.ledger().await;
    for purpose in [PasswordReset, EmailVerification] {
        let digest = world.issued(&world.issue(purpose, Addressee::Nobody)).await;
        assert_eq!(world.stores.tokens.find(&digest).await.unwrap(), None);
    }
    assert_eq!(
        world.since(&before).await,
        [
            "events email.verification_requested success +1",
            "events password.reset_requested success +1",
            "mails reset_password discarded +1",
            "mails verify_email discarded +1",
            "tokens email_verification void +1",
            "tokens password_reset void +1",
        ]
    );
    let claim = OutboxClaim {
        now: world.now() + Duration::hours(1),
        lease_until: world.now() + Duration::hours(2),
        limit: 10,
    };
    assert_eq!(world.stores.outbox.claim(&claim).await.unwrap(), []);
}

// Proves: A05
pub async fn a_token_that_was_mailed_to_another_address_does_not_count(world: World) {
    let person = world.person("ada@example.com").await;
    let reset = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    let verify = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    world.stores.witness.move_to(&person.user, "ADA@example.com").await;
    assert!(
        world.stores.tokens.find(&reset).await.unwrap().is_some(),
        "another spelling is the same mailbox"
    );

    world.stores.witness.move_to(&person.user, "countess@example.com").await;
    let before = world.ledger().await;
    for digest in [&reset, &verify] {
        assert_eq!(world.stores.tokens.find(digest).await.unwrap(), None);
    }
    let password = world.password_reset(&person, reset, "second");
    let redeemed = world.stores.tokens.reset_password(&password).await;
    assert_eq!(redeemed.unwrap(), Redemption::Spent);
    let redeemed = world
        .stores
        .tokens
        .prove_email(&world.email_proof(&person, verify))
        .await;
    assert_eq!(redeemed.unwrap(), Redemption::Spent);
    assert_eq!(world.since(&before).await, [""; 0]);
}
