//! The first proof that somebody reads a mailbox: what whoever registered the address has set is gone, and what its proved
//! owner has set stays.

use rookery_core::domain::{TokenPurpose, UserId};
use rookery_core::ports::{PasswordChangeOutcome, Redemption};
use rookery_testkit::contract::{Person, World};

use crate::backends::{Backend, on_every_backend};

on_every_backend! {
    whoever_proves_an_unproved_mailbox_finds_nothing_of_whoever_registered_it
    on_a_proved_mailbox_a_reset_leaves_the_second_factor_and_the_ways_back
    a_reset_that_comes_too_late_erases_nothing
    whoever_never_had_a_password_is_found_and_gets_the_first_by_mail
}

/// Everything somebody may set up: a second factor with codes, a sign-in under way, a wish for another address, a session, a
/// device, a changed password with its way back, a token of each kind that may lie in a mailbox, a copy of the account, and its
/// deletion.
async fn settle_in(backend: &Backend, world: &World, person: &Person) -> rookery_core::domain::TokenDigest {
    let session = world.signed_in(person).await;
    let change = world.password_change(person, &session, "stranger's");
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, PasswordChangeOutcome::Changed);
    world
        .issued(&world.issue(TokenPurpose::EmailVerification, person.addressee()))
        .await;
    let (at, user) = (world.now(), person.user.as_uuid());
    let id = |seed: u8| UserId::new(at, &[seed; 10]).as_uuid();
    let bytes = |seed: u8| vec![seed; 32];
    for (sql, seed) in [
        (
            "INSERT INTO rookery_factors (id, user_id, kind, sealed_secret, created_at, confirmed_at) \
             VALUES ($1, $2, 'totp', $3, $4, $4)",
            1,
        ),
        (
            "INSERT INTO rookery_recovery_codes (id, user_id, digest, created_at) VALUES ($1, $2, $3, $4)",
            2,
        ),
        (
            "INSERT INTO rookery_challenges (id, user_id, token_hash, credential_version, remember, attempts, created_at, \
             expires_at) VALUES ($1, $2, $3, 2, false, 0, $4, $4)",
            3,
        ),
    ] {
        let values = [id(seed).into(), user.into(), bytes(seed).into(), at.into()];
        assert_eq!(backend.witness.execute(sql, values).await, 1);
    }
    for sql in [
        "INSERT INTO rookery_exports (id, user_id, state, requested_at, attempts, next_attempt_at) \
         VALUES ($1, $2, 'pending', $3, 0, $3)",
        "INSERT INTO rookery_deletions (user_id, requested_at, due_at, closed_tenants) \
         SELECT $2, $3, $3, '[]' WHERE $1 IS NOT NULL",
    ] {
        let values = [id(4).into(), user.into(), at.into()];
        assert_eq!(backend.witness.execute(sql, values).await, 1);
    }
    let wish = "UPDATE rookery_credentials SET second_factor_at = $1, pending_email = 'eve@example.org', \
         pending_email_expires_at = $1, pending_email_session = $2 WHERE user_id = $3";
    let values = [at.into(), session.id.as_uuid().into(), user.into()];
    assert_eq!(backend.witness.execute(wish, values).await, 1);
    change.undo.digest
}

async fn count(backend: &Backend, what: &str) -> i64 {
    let rows = backend.witness.rows(&format!("SELECT count(*) FROM {what}")).await;
    rows[0].try_get_by_index(0).unwrap()
}

async fn reset(world: &World, person: &Person) -> Redemption {
    let digest = world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    let reset = world.password_reset(person, digest, "owner's");
    world.stores.tokens.reset_password(&reset).await.unwrap()
}

// Proves: A07
async fn whoever_proves_an_unproved_mailbox_finds_nothing_of_whoever_registered_it(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let way_back = settle_in(&backend, &world, &person).await;
    assert_eq!(reset(&world, &person).await, Redemption::Redeemed);

    for table in [
        "rookery_factors",
        "rookery_recovery_codes",
        "rookery_challenges",
        "rookery_sessions",
        "rookery_devices",
        "rookery_exports",
        "rookery_deletions",
        "rookery_tokens WHERE consumed_at IS NULL AND voided_at IS NULL",
        "rookery_credentials WHERE second_factor_at IS NOT NULL OR pending_email IS NOT NULL",
        "users WHERE email_verified IS NULL",
    ] {
        assert_eq!(count(&backend, table).await, 0, "{table}");
    }
    assert_eq!(world.stores.undos.find(&way_back).await.unwrap(), None);
    let live = "rookery_undos WHERE used_at IS NULL AND voided_at IS NULL";
    assert_eq!(count(&backend, live).await, 1, "the way back from this very reset");
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert!(credential.hash.as_phc().ends_with("owner's"));
}

// Proves: A06
async fn on_a_proved_mailbox_a_reset_leaves_the_second_factor_and_the_ways_back(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let token = world
        .issued(&world.issue(TokenPurpose::EmailVerification, person.addressee()))
        .await;
    let proof = world.email_proof(&person, token);
    assert_eq!(
        world.stores.tokens.prove_email(&proof).await.unwrap(),
        Redemption::Redeemed
    );
    let way_back = settle_in(&backend, &world, &person).await;
    assert_eq!(reset(&world, &person).await, Redemption::Redeemed);

    for table in [
        "rookery_factors WHERE confirmed_at IS NOT NULL AND removed_at IS NULL",
        "rookery_recovery_codes WHERE used_at IS NULL AND replaced_at IS NULL",
        "rookery_credentials WHERE second_factor_at IS NOT NULL",
        "rookery_exports",
        "rookery_deletions",
    ] {
        assert_eq!(count(&backend, table).await, 1, "{table}");
    }
    assert!(world.stores.undos.find(&way_back).await.unwrap().is_some());
    for table in ["rookery_sessions", "rookery_devices"] {
        assert_eq!(count(&backend, table).await, 0, "{table}");
    }
}

async fn a_reset_that_comes_too_late_erases_nothing(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    settle_in(&backend, &world, &person).await;
    let digest = world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    world.advance(chrono::Duration::hours(2));
    let late = world.password_reset(&person, digest, "owner's");
    let before = world.ledger().await;
    assert_eq!(
        world.stores.tokens.reset_password(&late).await.unwrap(),
        Redemption::Spent
    );
    assert_eq!(world.since(&before).await, [""; 0]);
    for table in [
        "rookery_factors",
        "rookery_recovery_codes",
        "rookery_challenges",
        "rookery_exports",
        "rookery_deletions",
    ] {
        assert_eq!(count(&backend, table).await, 1, "{table}");
    }
}

async fn whoever_never_had_a_password_is_found_and_gets_the_first_by_mail(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let none = "DELETE FROM rookery_credentials WHERE user_id = $1";
    assert_eq!(backend.witness.execute(none, [person.user.as_uuid().into()]).await, 1);

    let found = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!((found.user, found.version, found.disabled), (person.user, 0, None));
    assert!(found.hash.fits_nothing());
    let mut sign_in = world.sign_in(&person);
    sign_in.credential_version = found.version;
    let outcome = world.stores.credentials.sign_in(&sign_in).await.unwrap();
    assert_eq!(
        outcome,
        rookery_core::ports::SignInOutcome::Superseded,
        "nobody signs in without a password"
    );

    assert_eq!(reset(&world, &person).await, Redemption::Redeemed);
    let found = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!(found.version, 1);
    assert!(found.hash.as_phc().ends_with("owner's"));
    world.signed_in(&person).await;
}
