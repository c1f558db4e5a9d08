//! Messages that are shown, and sent again.

use chrono::Duration;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, AuditOutcome, WebhookEvent};
use rookery_core::ports::{EventOutcome, EventSettlement, MessageFilter, MessageState, Replay, WebhookChange};

use super::{added, change, claim, happens, owner};
use crate::contract::World;

pub async fn a_replay_sends_again_under_the_same_ids_what_the_log_knows(world: World) {
    let (ada, engines) = owner(&world, "ada@example.com").await;
    let (bob, _) = owner(&world, "bob@example.com").await;
    let before = happens(&world, AuditAction::PasswordChange, &ada).await;
    let webhook = added(
        &world,
        Some(engines),
        &[WebhookEvent::PasswordChanged, WebhookEvent::SessionRevoked],
    )
    .await;
    happens(&world, AuditAction::PasswordChange, &bob).await;
    let delivered = happens(&world, AuditAction::PasswordChange, &ada).await;
    for message in claim(&world).await {
        let settlement = EventSettlement {
            webhook,
            event: message.event.id,
            holder: world.mint.worker_id(world.now()),
            at: world.now(),
            outcome: EventOutcome::Delivered { status: 200 },
        };
        world.stores.event_outbox.settle(&settlement).await.unwrap();
    }
    let ended = world.mint.session_id(world.now());
    change(&world, webhook, &WebhookChange::Disable).await;
    world.advance(Duration::seconds(1));
    let missed = AuditEvent {
        target: Some(format!("session:{ended}")),
        ..world.event(AuditAction::SessionEnded, Some(&ada))
    };
    world.stores.audit.record(&missed).await.unwrap();
    let refused = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::PasswordChange, Some(&ada))
    };
    world.stores.audit.record(&refused).await.unwrap();
    change(&world, webhook, &WebhookChange::Enable).await;
    assert!(claim(&world).await.is_empty());

    let mut replay = Replay {
        webhook,
        since: delivered.at,
        now: world.now(),
    };
    assert_eq!(world.stores.webhooks.replay(&replay).await.unwrap(), 2);
    let again = claim(&world).await;
    let ids: Vec<_> = again.iter().map(|message| message.event.id).collect();
    assert_eq!(ids, [delivered.id, missed.id], "the oldest first");
    assert_eq!(again[0].attempts, 0);
    assert_eq!(again[1].event.session, Some(ended));
    assert_eq!(again[1].event.kind, WebhookEvent::SessionRevoked);
    assert_eq!(again[1].event.tenant, Some(engines));
    assert_eq!(
        (again[0].event.occurred, again[0].event.user),
        (delivered.at, Some(ada.user))
    );
    assert_eq!(
        world.stores.webhooks.replay(&replay).await.unwrap(),
        0,
        "what is just being sent is left alone"
    );
    replay.since = before.at;
    assert_eq!(
        world.stores.webhooks.replay(&replay).await.unwrap(),
        1,
        "what happened before the webhook was set up"
    );
}

pub async fn messages_are_shown_by_state_the_newest_first(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    let newest = happens(&world, AuditAction::LogIn, &person).await;
    let claimed = claim(&world).await;
    let settlement = EventSettlement {
        webhook,
        event: claimed[0].event.id,
        holder: world.mint.worker_id(world.now()),
        at: world.now(),
        outcome: EventOutcome::Delivered { status: 204 },
    };
    world.stores.event_outbox.settle(&settlement).await.unwrap();
    let mut filter = MessageFilter {
        webhook,
        state: Some(MessageState::Delivered),
        limit: 10,
    };
    let delivered = world.stores.webhooks.messages(&filter).await.unwrap();
    assert_eq!(delivered.len(), 1);
    assert_eq!(
        (delivered[0].status, delivered[0].delivered, delivered[0].attempts),
        (Some(204), Some(world.now()), 1)
    );
    (filter.state, filter.limit) = (None, 1);
    let first = world.stores.webhooks.messages(&filter).await.unwrap();
    assert_eq!((first.len(), first[0].event), (1, newest.id));
}
