use std::sync::Mutex;

use futures_executor::block_on;
use rookery_domain::{EventId, UrlRules, UserId, WebhookEvent, WebhookId, WebhookSecret, WebhookUrl};

use super::*;
use crate::fixture::{Workshop, tenant, user};
use crate::mocks::GlassSealer;
use crate::ports::{AccountEvent, MockEventOutbox, MockWebhookSender, SendFailure};

const SECRET: [u8; 32] = [1; 32];

fn webhook(number: u8) -> WebhookId {
    WebhookId::new(Workshop::open().now(), &[number; 10])
}

fn claimed(workshop: &Workshop, number: u8) -> ClaimedEvent {
    let id = webhook(1);
    ClaimedEvent {
        webhook: id,
        url: WebhookUrl::parse("https://example.com/hooks", UrlRules::Production).unwrap(),
        secrets: vec![GlassSealer.seal(&SECRET, &format!("webhook {id}")).unwrap()],
        failures: 0,
        failing_since: None,
        event: AccountEvent {
            id: EventId::new(workshop.now(), &[number; 10]),
            kind: WebhookEvent::UserCreated,
            occurred: workshop.now() - Duration::seconds(i64::from(number)),
            user: Some(user()),
            tenant: Some(tenant()),
            session: None,
        },
        attempts: 0,
    }
}

fn holder() -> WorkerId {
    WorkerId::new(Workshop::open().now(), &[9; 10])
}

fn answering(answer: Result<u16, SendFailure>) -> MockWebhookSender {
    let mut sender = MockWebhookSender::new();
    sender.expect_send().returning(move |_| answer);
    sender
}

/// A round over these messages: what was settled, in order, and the answer.
fn round(
    workshop: &Workshop,
    messages: Vec<ClaimedEvent>,
    sender: MockWebhookSender,
) -> (Vec<EventSettlement>, EventsSent) {
    let now = workshop.now();
    let settled = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&settled);
    let mut outbox = MockEventOutbox::new();
    outbox
        .expect_claim()
        .times(1)
        .withf(move |claim| {
            claim.holder == holder()
                && claim.now == now
                && claim.lease_until > now
                && claim.limit_per_webhook < claim.limit
        })
        .return_once(move |_| Ok(messages));
    outbox.expect_settle().returning(move |settlement| {
        log.lock().unwrap().push(settlement.clone());
        Ok(())
    });
    let service = EventDeliveryService {
        outbox: Arc::new(outbox),
        sealer: Arc::new(GlassSealer),
        sender: Arc::new(sender),
        mint: workshop.mint.clone(),
        holder: holder(),
    };
    let sent = block_on(service.send_due()).unwrap();
    drop(service);
    let settled = std::mem::take(&mut *settled.lock().unwrap());
    (settled, sent)
}

/// The outcome of one attempt that comes to this answer.
fn outcome(workshop: &Workshop, message: ClaimedEvent, answer: Result<u16, SendFailure>) -> EventOutcome {
    let (mut settled, _) = round(workshop, vec![message], answering(answer));
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0].holder, holder());
    settled.remove(0).outcome
}

fn failure(outcome: EventOutcome) -> FailedAttempt {
    match outcome {
        EventOutcome::Retry { failure, .. } | EventOutcome::Dead { failure } => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_is_signed_for_its_receiver_and_sent_under_its_own_id() {
    let workshop = Workshop::open();
    let message = claimed(&workshop, 1);
    let expected = Dispatch {
        id: message.event.id,
        url: message.url.clone(),
        body: of_event(&message.event).unwrap(),
        secrets: vec![WebhookSecret::from_entropy(SECRET)],
        at: workshop.now(),
    };
    let mut sender = MockWebhookSender::new();
    sender
        .expect_send()
        .times(1)
        .withf(move |dispatch| *dispatch == expected)
        .returning(|_| Ok(204));
    let (settled, sent) = round(&workshop, vec![message], sender);
    assert_eq!(settled[0].outcome, EventOutcome::Delivered { status: 204 });
    assert_eq!((sent.delivered, sent.total()), (1, 1));
}

#[test]
fn whatever_is_not_a_success_is_tried_again_later_and_later() {
    for answer in [
        Ok(199),
        Ok(300),
        Ok(301),
        Ok(404),
        Ok(500),
        Err(SendFailure::NoAddress),
        Err(SendFailure::TimedOut),
    ] {
        for (attempts, at_least) in [
            (0, Duration::seconds(5)),
            (3, Duration::hours(2)),
            (8, Duration::hours(24)),
        ] {
            let workshop = Workshop::open();
            let message = ClaimedEvent {
                attempts,
                ..claimed(&workshop, 1)
            };
            match outcome(&workshop, message, answer) {
                EventOutcome::Retry { next_attempt, failure } => {
                    let pause = next_attempt - workshop.now();
                    assert!(pause >= at_least && pause <= at_least + at_least / 10, "{pause}");
                    assert_eq!((failure.status, failure.disable), (answer.ok(), None));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn the_tenth_failure_is_the_last() {
    let workshop = Workshop::open();
    let message = ClaimedEvent {
        attempts: 9,
        ..claimed(&workshop, 1)
    };
    let outcome = outcome(&workshop, message, Ok(500));
    assert!(matches!(outcome, EventOutcome::Dead { .. }), "{outcome:?}");
    assert_eq!(failure(outcome).disable, None);
}

#[test]
fn a_receiver_that_is_gone_is_disabled_at_once() {
    let workshop = Workshop::open();
    let outcome = outcome(&workshop, claimed(&workshop, 1), Ok(410));
    assert!(matches!(outcome, EventOutcome::Dead { .. }), "{outcome:?}");
    let (reason, event) = failure(outcome).disable.unwrap();
    assert_eq!(reason, DisableReason::Gone);
    assert_eq!(event.action, AuditAction::WebhookChanged);
    assert_eq!(event.actor, Actor::Service);
    assert_eq!(event.detail.unwrap()["change"], "disabled: gone");
}

#[test]
fn a_receiver_that_takes_nothing_for_five_days_is_disabled() {
    let workshop = Workshop::open();
    for (failing, disabled) in [
        (Duration::days(5) - Duration::microseconds(1), None),
        (Duration::days(5), Some(DisableReason::Failing)),
    ] {
        let message = ClaimedEvent {
            failures: 40,
            failing_since: Some(workshop.now() - failing),
            ..claimed(&workshop, 1)
        };
        let failure = failure(outcome(&workshop, message, Ok(500)));
        assert_eq!(failure.disable.map(|(reason, _)| reason), disabled);
    }
}

#[test]
fn a_receiver_that_keeps_failing_is_left_alone_for_a_while() {
    let workshop = Workshop::open();
    for (failures, rests) in [(0, false), (1, false), (2, true), (50, true)] {
        let message = ClaimedEvent {
            failures,
            ..claimed(&workshop, 1)
        };
        let failure = failure(outcome(&workshop, message, Err(SendFailure::Unreachable)));
        assert_eq!(failure.rest_until.is_some(), rests, "{failures}");
    }
}

#[test]
fn a_secret_this_node_cannot_open_waits_and_counts_against_nobody() {
    let workshop = Workshop::open();
    let message = ClaimedEvent {
        secrets: vec![b"another context\0".to_vec()],
        ..claimed(&workshop, 1)
    };
    let mut sender = MockWebhookSender::new();
    sender.expect_send().never();
    let (settled, sent) = round(&workshop, vec![message], sender);
    assert!(matches!(settled[0].outcome, EventOutcome::Postponed { .. }));
    assert_eq!(sent.postponed, 1);
}

#[test]
fn the_events_of_a_person_go_in_the_order_they_happened() {
    let workshop = Workshop::open();
    // The higher the number the earlier it happened.
    let messages = vec![claimed(&workshop, 1), claimed(&workshop, 3), claimed(&workshop, 2)];
    let (settled, _) = round(&workshop, messages.clone(), answering(Ok(200)));
    let order: Vec<EventId> = settled.iter().map(|settlement| settlement.event).collect();
    assert_eq!(order, [1, 2, 0].map(|at: usize| messages[at].event.id));
}

#[test]
fn nothing_is_begun_that_might_outlast_the_lease() {
    let workshop = Workshop::open();
    let clock = Arc::clone(&workshop.clock);
    let mut sender = MockWebhookSender::new();
    sender.expect_send().times(3).returning(move |_| {
        // Slower than it promises to be.
        clock.advance(Duration::seconds(15));
        Ok(200)
    });
    let messages = (0..5).map(|number| claimed(&workshop, number)).collect();
    let (settled, sent) = round(&workshop, messages, sender);
    assert_eq!((settled.len(), sent.total()), (3, 3));
}

#[test]
fn one_receiver_s_trouble_is_not_another_s() {
    let workshop = Workshop::open();
    let other = UserId::new(workshop.now(), &[8; 10]);
    let mut broken = claimed(&workshop, 1);
    broken.url = WebhookUrl::parse("https://broken.example.com/", UrlRules::Production).unwrap();
    broken.event.user = Some(other);
    let mut sender = MockWebhookSender::new();
    sender.expect_send().times(2).returning(|dispatch| {
        if dispatch.url.as_str().contains("broken") {
            Err(SendFailure::Unreachable)
        } else {
            Ok(200)
        }
    });
    let (_, sent) = round(&workshop, vec![broken, claimed(&workshop, 2)], sender);
    assert_eq!((sent.delivered, sent.postponed), (1, 1));
}
