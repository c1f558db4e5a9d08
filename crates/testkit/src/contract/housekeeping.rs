//! The promises of [`HousekeepingStore`](rookery_core::ports::HousekeepingStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{SessionLifetime, TokenPurpose};
use rookery_core::ports::{Addressee, OutboxClaim, Settlement, Sweep, Swept};

use super::World;

/// Everything that has run out by now.
fn sweep(world: &World) -> Sweep {
    Sweep {
        sessions_ended_before: world.now(),
        tokens_expired_before: world.now(),
        mails_settled_before: world.now(),
    }
}

pub async fn what_has_run_out_goes_and_nothing_else(world: World) {
    let person = world.person("ada@example.com").await;
    let other = world.person("bob@example.com").await;
    let mut remembered = world.sign_in(&person);
    remembered.session.lifetime = SessionLifetime::REMEMBERED;
    let lives = world.open(&remembered).await;
    world.signed_in(&person).await;
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(5),
        limit: 1,
    };
    let sent = world.stores.outbox.claim(&claim).await.unwrap();
    let at = world.now();
    world
        .stores
        .outbox
        .settle(&sent[0].id, &Settlement::Sent, &at)
        .await
        .unwrap();
    let used = world
        .issued(&world.issue(TokenPurpose::EmailVerification, person.addressee()))
        .await;
    world
        .stores
        .tokens
        .prove_email(&world.email_proof(&person, used))
        .await
        .unwrap();
    world
        .issued(&world.issue(TokenPurpose::PasswordReset, Addressee::Nobody))
        .await;
    let nothing = world.stores.housekeeping.sweep(&sweep(&world)).await.unwrap();
    assert_eq!(nothing, Swept::default());

    world.advance(Duration::hours(2));
    let session = world.signed_in(&other).await;
    let live = world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    let before = world.ledger().await;
    let swept = world.stores.housekeeping.sweep(&sweep(&world)).await.unwrap();
    assert_eq!(
        swept,
        Swept {
            sessions: 1,
            tokens: 4,
            mails: 2
        }
    );
    assert_eq!(
        world.since(&before).await,
        [
            "mails reset_password discarded -1",
            "mails verify_email sent -1",
            "sessions -1",
            "tokens email_verification live -2",
            "tokens email_verification used -1",
            "tokens password_reset void -1",
        ]
    );
    assert!(world.resolved(&session.digest).await.is_some());
    assert!(world.resolved(&lives.digest).await.is_some());
    assert!(world.stores.tokens.find(&live).await.unwrap().is_some());

    world.advance(Duration::hours(2));
    let swept = world.stores.housekeeping.sweep(&sweep(&world)).await.unwrap();
    assert_eq!(
        (swept.sessions, swept.tokens, swept.mails),
        (1, 1, 0),
        "queued mails stay, however old"
    );
    assert!(world.resolved(&lives.digest).await.is_some());
}

pub async fn sweeps_at_once_throw_away_each_row_once(world: World) {
    for number in 0..10 {
        let person = world.person(&format!("person{number}@example.com")).await;
        world.signed_in(&person).await;
    }
    world.advance(Duration::days(2));
    let sweep = sweep(&world);
    let swept = join_all((0..4).map(|_| world.stores.housekeeping.sweep(&sweep))).await;
    let total = swept.into_iter().fold((0, 0), |(sessions, tokens), swept| {
        let swept = swept.unwrap();
        (sessions + swept.sessions, tokens + swept.tokens)
    });
    assert_eq!(total, (10, 10));
    let ledger = world.ledger().await;
    assert_eq!((ledger.count("sessions"), ledger.count("users")), (0, 10));
}
