//! The promises of [`HousekeepingStore`](rookery_core::ports::HousekeepingStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, Caller, SessionLifetime, TokenPurpose};
use rookery_core::ports::{Addressee, OutboxClaim, Settlement, Sweep};
use rookery_core::{AuditEvent, Leftover};
use serde_json::json;

use super::{Person, World};

/// Throws away what has run out by now, and answers how many rows that were.
async fn sweep(world: &World, leftover: Leftover) -> u64 {
    swept_before(world, leftover, Duration::zero()).await
}

/// The same with what ran out so long ago.
async fn swept_before(world: &World, leftover: Leftover, ago: Duration) -> u64 {
    let sweep = Sweep {
        leftover,
        before: world.now() - ago,
        at: world.now(),
    };
    world.stores.housekeeping.sweep(&sweep).await.unwrap()
}

/// Sessions, tokens and mails.
async fn sweep_three(world: &World) -> [u64; 3] {
    [
        sweep(world, Leftover::Sessions).await,
        sweep(world, Leftover::Tokens).await,
        sweep(world, Leftover::Mails).await,
    ]
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
    assert_eq!(sweep_three(&world).await, [0, 0, 0]);

    world.advance(Duration::hours(2));
    let session = world.signed_in(&other).await;
    let live = world
        .issued(&world.issue(TokenPurpose::PasswordReset, person.addressee()))
        .await;
    let before = world.ledger().await;
    assert_eq!(sweep_three(&world).await, [1, 4, 2]);
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
    assert_eq!(sweep_three(&world).await, [1, 1, 0], "queued mails stay, however old");
    assert!(world.resolved(&lives.digest).await.is_some());
}

pub async fn sweeps_at_once_throw_away_each_row_once(world: World) {
    for number in 0..10 {
        let person = world.person(&format!("person{number}@example.com")).await;
        world.signed_in(&person).await;
    }
    world.advance(Duration::days(2));
    let swept = join_all((0..4).map(|_| sweep_three(&world))).await;
    let total = swept
        .into_iter()
        .fold((0, 0), |(all_sessions, all_tokens), [sessions, tokens, _]| {
            (all_sessions + sessions, all_tokens + tokens)
        });
    assert_eq!(total, (10, 10));
    let ledger = world.ledger().await;
    assert_eq!((ledger.count("sessions"), ledger.count("users")), (0, 10));
}

/// An event of this kind about this person, with something personal in every place there is.
async fn happened(world: &World, action: AuditAction, person: &Person) -> AuditEvent {
    let event = AuditEvent {
        target: Some("session:0199f2b0".to_owned()),
        detail: Some(json!({ "why": "because" })),
        ..world.event(action, Some(person))
    };
    world.stores.audit.record(&event).await.unwrap();
    event
}

// Proves: ASVS 14.2.4
pub async fn what_is_personal_goes_out_of_old_events_and_later_out_of_old_log_ins(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::days(1));
    let log_in = happened(&world, AuditAction::LogIn, &person).await;
    world.advance(Duration::microseconds(1));
    let change = happened(&world, AuditAction::PasswordChange, &person).await;
    world.advance(Duration::days(1));
    let young = happened(&world, AuditAction::PasswordChange, &person).await;

    let day = Duration::days(1);
    assert_eq!(
        swept_before(&world, Leftover::PersonalInEvents, day).await,
        1,
        "the sign-up"
    );
    world.advance(Duration::microseconds(1));
    assert_eq!(
        swept_before(&world, Leftover::PersonalInEvents, day).await,
        1,
        "and the change"
    );
    assert_eq!(swept_before(&world, Leftover::PersonalInEvents, day).await, 0, "once");
    let read = world.events_of(&person).await;
    let [now_young, now_change, now_log_in, sign_up] = read.as_slice() else {
        panic!("{read:?}");
    };
    assert_eq!((&now_young.event, now_young.anonymised), (&young, None));
    assert_eq!((&now_log_in.event, now_log_in.anonymised), (&log_in, None));
    assert_eq!(sign_up.event.caller, Caller::default());
    let anonymous = AuditEvent {
        caller: Caller::default(),
        detail: None,
        ..change
    };
    assert_eq!(
        (&now_change.event, now_change.anonymised),
        (&anonymous, Some(world.now()))
    );

    assert_eq!(swept_before(&world, Leftover::PersonalInLogIns, day).await, 1);
    assert_eq!(world.events_of(&person).await[2].event.caller, Caller::default());
}

pub async fn an_old_event_goes_when_it_holds_nothing_personal_any_more(world: World) {
    let person = world.person("ada@example.com").await;
    happened(&world, AuditAction::LogIn, &person).await;
    world.advance(Duration::days(1));
    assert_eq!(sweep(&world, Leftover::Events).await, 0, "both are personal");
    assert_eq!(sweep(&world, Leftover::PersonalInEvents).await, 1);
    assert_eq!(sweep(&world, Leftover::Events).await, 1);
    assert_eq!(world.events_of(&person).await[0].event.action, AuditAction::LogIn);
    assert_eq!(sweep(&world, Leftover::PersonalInLogIns).await, 1);
    assert_eq!(sweep(&world, Leftover::Events).await, 1);
    assert!(world.events_of(&person).await.is_empty());
}

pub async fn nodes_that_anonymise_at_once_do_it_once(world: World) {
    let person = world.person("ada@example.com").await;
    for _ in 0..20 {
        happened(&world, AuditAction::ProfileUpdate, &person).await;
    }
    world.advance(Duration::days(1));
    let swept = join_all((0..4).map(|_| sweep(&world, Leftover::PersonalInEvents))).await;
    assert_eq!(swept.iter().sum::<u64>(), 21);
}
