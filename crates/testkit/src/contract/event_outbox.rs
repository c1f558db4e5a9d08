//! The promises of [`EventOutbox`](rookery_core::ports::EventOutbox).

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::Leftover;
use rookery_core::domain::{AuditAction, EventId, Timestamp, WebhookEvent, WebhookId, WorkerId};
use rookery_core::ports::{
    AccountEvent, ClaimedEvent, DisableReason, EventClaim, EventOutcome, EventSettlement, FailedAttempt, Sweep,
};

use super::webhooks::{added, find, happens};
use super::{Person, World};

/// Somebody, and a webhook that has nothing to be told of yet.
async fn quiet(world: &World) -> (Person, WebhookId) {
    let person = world.person("ada@example.com").await;
    (person, added(world, None, &[]).await)
}

fn worker(world: &World) -> WorkerId {
    world.mint.worker_id(world.now())
}

/// Claims for a minute.
async fn claim(world: &World, holder: WorkerId, limit: u64) -> Vec<ClaimedEvent> {
    claim_some(world, holder, limit, limit).await
}

async fn claim_some(world: &World, holder: WorkerId, limit: u64, limit_per_webhook: u64) -> Vec<ClaimedEvent> {
    let claim = EventClaim {
        holder,
        now: world.now(),
        lease_until: world.now() + Duration::minutes(1),
        limit,
        limit_per_webhook,
    };
    world.stores.event_outbox.claim(&claim).await.unwrap()
}

async fn settle(world: &World, holder: WorkerId, webhook: WebhookId, event: EventId, outcome: EventOutcome) {
    let settlement = EventSettlement {
        webhook,
        event,
        holder,
        at: world.now(),
        outcome,
    };
    world.stores.event_outbox.settle(&settlement).await.unwrap();
}

fn failure() -> FailedAttempt {
    FailedAttempt {
        status: Some(500),
        error: "the receiver answered 500".to_owned(),
        rest_until: None,
        disable: None,
    }
}

fn retry_at(next_attempt: Timestamp) -> EventOutcome {
    EventOutcome::Retry {
        next_attempt,
        failure: failure(),
    }
}

fn ids(claimed: &[ClaimedEvent]) -> Vec<EventId> {
    claimed.iter().map(|message| message.event.id).collect()
}

pub async fn due_messages_are_leased_the_longest_due_first(world: World) {
    let (person, webhook) = quiet(&world).await;
    let mut events = Vec::new();
    for _ in 0..4 {
        events.push(happens(&world, AuditAction::LogIn, &person).await);
    }
    let holder = worker(&world);
    let claimed = claim(&world, holder, 3).await;
    assert_eq!(ids(&claimed), [events[0].id, events[1].id, events[2].id]);
    let expected = ClaimedEvent {
        webhook,
        url: find(&world, webhook).await.url,
        secrets: vec![b"sealed".to_vec()],
        failures: 0,
        failing_since: None,
        event: AccountEvent {
            id: events[0].id,
            kind: WebhookEvent::SessionCreated,
            occurred: events[0].at,
            user: Some(person.user),
            tenant: None,
            session: None,
        },
        attempts: 0,
    };
    assert_eq!(claimed[0], expected);
    assert_eq!(ids(&claim(&world, holder, 10).await), [events[3].id]);
    assert_eq!(claim(&world, holder, 10).await, []);
}

pub async fn a_leased_message_is_nobody_else_s_until_the_lease_ends(world: World) {
    let (person, _) = quiet(&world).await;
    let event = happens(&world, AuditAction::LogIn, &person).await;
    assert_eq!(ids(&claim(&world, worker(&world), 10).await), [event.id]);
    world.advance(Duration::minutes(1) - Duration::microseconds(1));
    assert_eq!(claim(&world, worker(&world), 10).await, []);
    world.advance(Duration::microseconds(1));
    assert_eq!(
        ids(&claim(&world, worker(&world), 10).await),
        [event.id],
        "its worker has died"
    );
}

/// A75: no two workers hold a message at once.
pub async fn workers_at_once_get_every_message_once(world: World) {
    let (person, webhook) = quiet(&world).await;
    let other = added(&world, None, &[]).await;
    for _ in 0..10 {
        happens(&world, AuditAction::LogIn, &person).await;
    }
    let workers: Vec<WorkerId> = (0..8).map(|_| worker(&world)).collect();
    let rounds = join_all(workers.iter().map(|holder| claim(&world, *holder, 3))).await;
    let mut claimed: Vec<_> = rounds.into_iter().flatten().collect();
    loop {
        let more = claim(&world, workers[0], 3).await;
        if more.is_empty() {
            break;
        }
        claimed.extend(more);
    }
    let unique: BTreeSet<_> = claimed
        .iter()
        .map(|message| (message.webhook, message.event.id))
        .collect();
    assert_eq!((claimed.len(), unique.len()), (20, 20));
    assert!(
        claimed
            .iter()
            .all(|message| [webhook, other].contains(&message.webhook))
    );
}

pub async fn no_webhook_takes_more_than_its_share_of_a_round(world: World) {
    let (person, _) = quiet(&world).await;
    for _ in 0..6 {
        happens(&world, AuditAction::LogIn, &person).await;
    }
    let late = added(&world, None, &[]).await;
    happens(&world, AuditAction::LogOut, &person).await;
    let claimed = claim_some(&world, worker(&world), 4, 3).await;
    assert_eq!(claimed.len(), 4);
    assert_eq!(claimed.iter().filter(|message| message.webhook == late).count(), 1);
}

pub async fn a_failed_message_comes_back_when_it_is_due_with_its_attempts_counted(world: World) {
    let (person, webhook) = quiet(&world).await;
    let event = happens(&world, AuditAction::LogIn, &person).await;
    let holder = worker(&world);
    claim(&world, holder, 1).await;
    settle(
        &world,
        holder,
        webhook,
        event.id,
        retry_at(world.now() + Duration::minutes(5)),
    )
    .await;
    let failed = find(&world, webhook).await;
    assert_eq!((failed.failures, failed.failing_since), (1, Some(world.now())));
    world.advance(Duration::minutes(5) - Duration::microseconds(1));
    assert_eq!(claim(&world, holder, 1).await, []);
    world.advance(Duration::microseconds(1));
    let again = claim(&world, holder, 1).await;
    assert_eq!((again[0].attempts, again[0].failures), (1, 1));
    assert_eq!(again[0].failing_since, failed.failing_since);
    settle(&world, holder, webhook, event.id, retry_at(world.now())).await;
    let still = find(&world, webhook).await;
    assert_eq!(
        (still.failures, still.failing_since),
        (2, failed.failing_since),
        "since the first"
    );
}

pub async fn a_delivery_ends_it_and_forgets_the_failures(world: World) {
    let (person, webhook) = quiet(&world).await;
    let event = happens(&world, AuditAction::LogIn, &person).await;
    let holder = worker(&world);
    claim(&world, holder, 1).await;
    settle(&world, holder, webhook, event.id, retry_at(world.now())).await;
    claim(&world, holder, 1).await;
    settle(
        &world,
        holder,
        webhook,
        event.id,
        EventOutcome::Delivered { status: 200 },
    )
    .await;
    let well = find(&world, webhook).await;
    assert_eq!((well.failures, well.failing_since), (0, None));
    world.advance(Duration::days(1));
    assert_eq!(claim(&world, holder, 1).await, []);
}

pub async fn a_failure_counts_only_while_the_lease_is_held_and_a_delivery_always(world: World) {
    let (person, webhook) = quiet(&world).await;
    let event = happens(&world, AuditAction::LogIn, &person).await;
    let (slow, quick) = (worker(&world), worker(&world));
    claim(&world, slow, 1).await;
    world.advance(Duration::minutes(1));
    claim(&world, quick, 1).await;
    settle(&world, slow, webhook, event.id, retry_at(world.now())).await;
    assert_eq!(claim(&world, slow, 1).await, [], "the quick one still holds it");
    assert_eq!(find(&world, webhook).await.failures, 0);
    settle(&world, slow, webhook, event.id, EventOutcome::Delivered { status: 200 }).await;
    settle(&world, quick, webhook, event.id, retry_at(world.now())).await;
    world.advance(Duration::days(1));
    assert_eq!(claim(&world, quick, 1).await, [], "a delivery is not taken back");
    assert_eq!(find(&world, webhook).await.failures, 0);
}

pub async fn a_dead_message_is_never_given_out_again(world: World) {
    let (person, webhook) = quiet(&world).await;
    let event = happens(&world, AuditAction::LogIn, &person).await;
    let holder = worker(&world);
    claim(&world, holder, 1).await;
    let dead = EventOutcome::Dead { failure: failure() };
    settle(&world, holder, webhook, event.id, dead).await;
    world.advance(Duration::days(1));
    assert_eq!(claim(&world, holder, 1).await, []);
    assert_eq!(find(&world, webhook).await.failures, 1);
}

pub async fn a_webhook_that_rests_holds_nobody_else_up(world: World) {
    let (person, webhook) = quiet(&world).await;
    let other = added(&world, None, &[]).await;
    let first = happens(&world, AuditAction::LogIn, &person).await;
    let holder = worker(&world);
    assert_eq!(claim(&world, holder, 10).await.len(), 2);
    let rests = EventOutcome::Retry {
        next_attempt: world.now(),
        failure: FailedAttempt {
            rest_until: Some(world.now() + Duration::minutes(5)),
            ..failure()
        },
    };
    settle(&world, holder, webhook, first.id, rests).await;
    happens(&world, AuditAction::LogOut, &person).await;
    let claimed = claim(&world, holder, 10).await;
    assert_eq!((claimed.len(), claimed[0].webhook), (1, other));
    world.advance(Duration::minutes(5));
    let claimed = claim(&world, holder, 10).await;
    assert!(claimed.iter().filter(|message| message.webhook == webhook).count() == 2);
}

pub async fn a_webhook_that_is_given_up_is_disabled_once_and_that_is_written_down(world: World) {
    let (person, webhook) = quiet(&world).await;
    let holder = worker(&world);
    for _ in 0..2 {
        happens(&world, AuditAction::LogIn, &person).await;
    }
    let at = world.now();
    for message in claim(&world, holder, 10).await {
        let dead = EventOutcome::Dead {
            failure: FailedAttempt {
                disable: Some((DisableReason::Failing, world.event(AuditAction::WebhookChanged, None))),
                ..failure()
            },
        };
        settle(&world, holder, webhook, message.event.id, dead).await;
        world.advance(Duration::seconds(1));
    }
    assert_eq!(find(&world, webhook).await.disabled, Some((at, DisableReason::Failing)));
    assert_eq!(world.ledger().await.count("events webhook.changed success"), 1);
}

pub async fn a_postponed_message_counts_against_nobody(world: World) {
    let (person, webhook) = quiet(&world).await;
    let event = happens(&world, AuditAction::LogIn, &person).await;
    let holder = worker(&world);
    claim(&world, holder, 1).await;
    let postponed = EventOutcome::Postponed {
        next_attempt: world.now() + Duration::minutes(1),
        error: "no key".to_owned(),
    };
    settle(&world, holder, webhook, event.id, postponed).await;
    assert_eq!(claim(&world, holder, 1).await, []);
    world.advance(Duration::minutes(1));
    let again = claim(&world, holder, 1).await;
    assert_eq!((again[0].attempts, again[0].failures), (0, 0));
}

pub async fn messages_go_when_their_time_is_over_delivered_or_not(world: World) {
    let (person, webhook) = quiet(&world).await;
    let holder = worker(&world);
    let old = happens(&world, AuditAction::LogIn, &person).await;
    happens(&world, AuditAction::LogOut, &person).await;
    claim(&world, holder, 1).await;
    settle(&world, holder, webhook, old.id, EventOutcome::Delivered { status: 200 }).await;
    world.advance(Duration::days(30));
    let young = happens(&world, AuditAction::LogIn, &person).await;
    let sweep = |before| Sweep {
        leftover: Leftover::WebhookMessages,
        before,
        at: world.now(),
    };
    let housekeeping = &world.stores.housekeeping;
    assert_eq!(housekeeping.sweep(&sweep(old.at)).await.unwrap(), 0);
    assert_eq!(housekeeping.sweep(&sweep(young.at)).await.unwrap(), 2);
    assert_eq!(ids(&claim(&world, holder, 10).await), [young.id]);
}
