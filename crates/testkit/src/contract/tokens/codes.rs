//! The short code that is mailed beside a link.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::TokenPurpose::{EmailVerification, PasswordReset};
use rookery_core::domain::{TokenDigest, TokenPurpose};
use rookery_core::ports::{Addressee, CodeAttempt, Redemption};

use crate::contract::{Person, World};

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
