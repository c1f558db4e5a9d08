//! The promises of [`TokenStore`](rookery_core::ports::TokenStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::Reader;
use rookery_core::domain::TokenPurpose::{EmailVerification, PasswordReset};
use rookery_core::domain::{AuditAction, TokenDigest, TokenPurpose};
use rookery_core::ports::{AccountChange, Addressee, CodeAttempt, OutboxClaim, Redemption, TokenRecord};

use super::draft::hash;
use super::{Person, World};

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

const RIGHT: [u8; 32] = [7; 32];
const WRONG: [u8; 32] = [8; 32];

/// A mail with this code in it, by what is kept of that.
async fn mailed(world: &World, purpose: TokenPurpose, person: &Person, code: [u8; 32]) -> TokenDigest {
    let mut issue = world.issue(purpose, person.addressee());
    issue.token.code = Some(code);
    world.issued(&issue).await
}

async fn tried(world: &World, purpose: TokenPurpose, email: &str, digests: &[[u8; 32]]) -> Option<TokenDigest> {
    let attempt = CodeAttempt {
        email: email.parse().unwrap(),
        purpose,
        digests: digests.to_vec(),
    };
    world.stores.tokens.try_code(&attempt).await.unwrap()
}

pub async fn a_code_leads_to_the_token_it_was_mailed_with(world: World) {
    let person = world.person("ada@example.com").await;
    for purpose in [EmailVerification, PasswordReset] {
        world.advance(Duration::seconds(1));
        let digest = mailed(&world, purpose, &person, RIGHT).await;
        let before = world.ledger().await;
        for _ in 0..9 {
            let found = tried(&world, purpose, "ADA@example.com", &[WRONG, RIGHT]).await;
            assert_eq!(found, Some(digest), "a right one uses up no try");
        }
        assert_eq!(world.since(&before).await, [""; 0]);
    }
}

// Proves: ASVS 6.6.3
pub async fn five_wrong_codes_are_all_that_a_mail_takes(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let digest = mailed(&world, PasswordReset, &person, RIGHT).await;
    for _ in 0..4 {
        assert_eq!(tried(&world, PasswordReset, "ada@example.com", &[WRONG]).await, None);
    }
    let found = tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await;
    assert_eq!(found, Some(digest));
    assert_eq!(tried(&world, PasswordReset, "ada@example.com", &[WRONG]).await, None);
    let found = tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await;
    assert_eq!(found, None, "the sixth");
    assert!(
        world.stores.tokens.find(&digest).await.unwrap().is_some(),
        "the link works"
    );

    world.advance(Duration::seconds(1));
    let newer = mailed(&world, PasswordReset, &person, RIGHT).await;
    let found = tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await;
    assert_eq!(found, Some(newer), "another mail takes its own");
}

// Proves: ASVS 6.6.3
pub async fn of_sixteen_wrong_codes_at_once_five_are_counted(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let digest = mailed(&world, PasswordReset, &person, RIGHT).await;
    join_all((0..4).map(|_| tried(&world, PasswordReset, "ada@example.com", &[WRONG]))).await;
    let found = tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await;
    assert_eq!(found, Some(digest));
    join_all((0..12).map(|_| tried(&world, PasswordReset, "ada@example.com", &[WRONG]))).await;
    assert_eq!(tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await, None);
}

pub async fn sixteen_right_codes_at_once_use_up_no_try_and_one_token(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    mailed(&world, PasswordReset, &person, RIGHT).await;
    let attempts = (0..16).map(|_| async {
        // Each waits for those before it; a try that is under way is a try.
        let digest = loop {
            if let Some(digest) = tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await {
                break digest;
            }
        };
        let reset = world.password_reset(&person, digest, "second");
        world.stores.tokens.reset_password(&reset).await.unwrap()
    });
    let redemptions = join_all(attempts).await;
    let winners = redemptions
        .iter()
        .filter(|redemption| **redemption == Redemption::Redeemed);
    assert_eq!(winners.count(), 1);
}

pub async fn only_the_newest_mail_has_a_code_that_counts(world: World) {
    const NEWER: [u8; 32] = [9; 32];
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let older = mailed(&world, EmailVerification, &person, RIGHT).await;
    world.advance(Duration::seconds(1));
    let newer = mailed(&world, EmailVerification, &person, NEWER).await;
    assert_eq!(
        tried(&world, EmailVerification, "ada@example.com", &[RIGHT]).await,
        None
    );
    let found = tried(&world, EmailVerification, "ada@example.com", &[NEWER]).await;
    assert_eq!(found, Some(newer));
    assert!(
        world.stores.tokens.find(&older).await.unwrap().is_some(),
        "its link works"
    );
}

pub async fn a_code_is_worth_nothing_elsewhere(world: World) {
    let (ada, eve) = (
        world.person("ada@example.com").await,
        world.person("eve@example.com").await,
    );
    world.advance(Duration::seconds(1));
    mailed(&world, PasswordReset, &ada, RIGHT).await;
    mailed(&world, PasswordReset, &eve, WRONG).await;
    for (purpose, email) in [
        (EmailVerification, "ada@example.com"),
        (PasswordReset, "eve@example.com"),
        (PasswordReset, "nobody@example.com"),
    ] {
        assert_eq!(tried(&world, purpose, email, &[RIGHT]).await, None, "{email}");
    }
    let mut decoy = world.issue(PasswordReset, Addressee::Nobody);
    decoy.token.code = Some(RIGHT);
    world.issued(&decoy).await;
    assert_eq!(tried(&world, PasswordReset, "nobody@example.com", &[RIGHT]).await, None);
    world.advance(Duration::seconds(1));
    world.issued(&world.issue(PasswordReset, ada.addressee())).await;
    let found = tried(&world, PasswordReset, "ada@example.com", &[RIGHT, [0; 32]]).await;
    assert_eq!(found, None, "the newest mail holds none");
}

pub async fn a_code_goes_with_its_token(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let digest = mailed(&world, EmailVerification, &person, RIGHT).await;
    let proof = world.email_proof(&person, digest);
    let redeemed = world.stores.tokens.prove_email(&proof).await.unwrap();
    assert_eq!(redeemed, Redemption::Redeemed);
    let found = tried(&world, EmailVerification, "ada@example.com", &[RIGHT]).await;
    assert_eq!(found, Some(digest), "whoever has the code may hear that it was used");
    let record = world.stores.tokens.find(&digest).await.unwrap().unwrap();
    assert!(record.consumed.is_some());
    let again = world.stores.tokens.prove_email(&proof).await.unwrap();
    assert_eq!(again, Redemption::Spent);

    mailed(&world, PasswordReset, &person, RIGHT).await;
    let last = world.issued(&world.issue(PasswordReset, person.addressee())).await;
    let reset = world.password_reset(&person, last, "second");
    world.stores.tokens.reset_password(&reset).await.unwrap();
    let found = tried(&world, PasswordReset, "ada@example.com", &[RIGHT]).await;
    assert_eq!(found, None, "void with the newer mail");
}
