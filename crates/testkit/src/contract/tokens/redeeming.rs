//! Using a token up.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::TokenPurpose::{EmailVerification, PasswordReset};
use rookery_core::ports::Redemption;

use crate::contract::World;
use crate::contract::draft::hash;

pub async fn a_proof_verifies_the_address_and_uses_the_token_up(world: World) {
    let person = world.person("ada@example.com").await;
    let digest = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    world.advance(Duration::minutes(1));
    let before = world.ledger().await;
    let proof = world.email_proof(&person, digest);
    assert_eq!(
        world.stores.tokens.prove_email(&proof).await.unwrap(),
        Redemption::Redeemed
    );
    assert_eq!(
        world.since(&before).await,
        [
            "events email.verified success +1",
            "mails welcome queued +1",
            "tokens email_verification live -1",
            "tokens email_verification used +1",
            "users verified +1",
        ]
    );
    let record = world.stores.tokens.find(&digest).await.unwrap().unwrap();
    assert_eq!(
        (record.consumed, record.email_verified),
        (Some(proof.at), Some(proof.at))
    );

    let again = world.email_proof(&person, digest);
    let before = world.ledger().await;
    assert_eq!(
        world.stores.tokens.prove_email(&again).await.unwrap(),
        Redemption::Spent
    );
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn a_second_proof_keeps_the_time_of_the_first(world: World) {
    let person = world.person("ada@example.com").await;
    let first = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    let second = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    let proof = world.email_proof(&person, first);
    world.stores.tokens.prove_email(&proof).await.unwrap();
    world.advance(Duration::minutes(1));
    let mut again = world.email_proof(&person, second);
    again.mail = None;
    let before = world.ledger().await;
    assert_eq!(
        world.stores.tokens.prove_email(&again).await.unwrap(),
        Redemption::Redeemed
    );
    assert_eq!(
        world.since(&before).await,
        [
            "events email.verified success +1",
            "tokens email_verification live -1",
            "tokens email_verification used +1",
        ]
    );
    let account = world.stores.accounts.find(&person.email).await.unwrap().unwrap();
    assert_eq!(account.email_verified, Some(proof.at));
}

// Proves: ASVS 6.4.1
pub async fn of_proofs_at_once_exactly_one_is_redeemed(world: World) {
    let person = world.person("ada@example.com").await;
    let digest = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    let proofs: Vec<_> = (0..6).map(|_| world.email_proof(&person, digest)).collect();
    let before = world.ledger().await;
    let redemptions = join_all(proofs.iter().map(|proof| world.stores.tokens.prove_email(proof))).await;
    let redeemed = redemptions
        .into_iter()
        .filter(|redemption| *redemption.as_ref().unwrap() == Redemption::Redeemed);
    assert_eq!(redeemed.count(), 1);
    assert_eq!(
        world.since(&before).await,
        [
            "events email.verified success +1",
            "mails welcome queued +1",
            "tokens email_verification live -1",
            "tokens email_verification used +1",
            "users verified +1",
        ]
    );
}

// Proves: A01
pub async fn a_reset_replaces_the_password_and_ends_everything_else(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let other = world.signed_in(&bystander).await;
    let sessions = [world.signed_in(&person).await, world.signed_in(&person).await];
    let digest = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    world.advance(Duration::minutes(1));
    let before = world.ledger().await;

    let reset = world.password_reset(&person, digest, "second");
    assert_eq!(
        world.stores.tokens.reset_password(&reset).await.unwrap(),
        Redemption::Redeemed
    );
    assert_eq!(
        world.since(&before).await,
        [
            "devices -2",
            "events password.reset success +1",
            "mails password_changed queued +1",
            "sessions -2",
            "tokens email_verification live -1",
            "tokens email_verification void +1",
            "tokens password_reset live -1",
            "tokens password_reset used +1",
            "undos live +1",
            "users verified +1",
        ]
    );
    for session in sessions {
        assert_eq!(world.resolved(&session.digest).await, None);
    }
    assert!(world.resolved(&other.digest).await.is_some());
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (hash("second"), 2));
    assert_eq!(credential.email_verified, Some(reset.at));
    let record = world.stores.tokens.find(&digest).await.unwrap().unwrap();
    assert_eq!(record.consumed, Some(reset.at));
}

// Proves: A01, A40, ASVS 2.3.4
pub async fn of_resets_at_once_exactly_one_is_redeemed(world: World) {
    let person = world.person("ada@example.com").await;
    let digest = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    let resets: Vec<_> = (0..6)
        .map(|number| world.password_reset(&person, digest, &format!("racer{number}")))
        .collect();
    let redemptions = join_all(resets.iter().map(|reset| world.stores.tokens.reset_password(reset))).await;
    let winners: Vec<_> = redemptions
        .into_iter()
        .zip(&resets)
        .filter(|(redemption, _)| *redemption.as_ref().unwrap() == Redemption::Redeemed)
        .collect();
    assert_eq!(winners.len(), 1);
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((&credential.hash, credential.version), (&winners[0].1.new_hash, 2));
    assert_eq!(world.ledger().await.count("events password.reset success"), 1);
}

pub async fn a_token_of_one_kind_is_not_redeemed_as_another(world: World) {
    let person = world.person("ada@example.com").await;
    let reset = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    let verify = world.issued(&world.issue(EmailVerification, person.addressee())).await;
    let before = world.ledger().await;
    let proof = world.email_proof(&person, reset);
    assert_eq!(
        world.stores.tokens.prove_email(&proof).await.unwrap(),
        Redemption::Spent
    );
    let password = world.password_reset(&person, verify, "second");
    assert_eq!(
        world.stores.tokens.reset_password(&password).await.unwrap(),
        Redemption::Spent
    );
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn somebody_else_s_token_is_not_redeemed(world: World) {
    let ada = world.person("ada@example.com").await;
    let eve = world.person("eve@example.com").await;
    let session = world.signed_in(&ada).await;
    let reset = world.issued(&world.issue(PasswordReset, eve.addressee())).await;
    let verify = world.issued(&world.issue(EmailVerification, eve.addressee())).await;
    let before = world.ledger().await;
    let proof = world.email_proof(&ada, verify);
    assert_eq!(
        world.stores.tokens.prove_email(&proof).await.unwrap(),
        Redemption::Spent
    );
    let password = world.password_reset(&ada, reset, "second");
    assert_eq!(
        world.stores.tokens.reset_password(&password).await.unwrap(),
        Redemption::Spent
    );
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&session.digest).await.is_some());
}
