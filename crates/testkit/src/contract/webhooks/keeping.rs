//! Adding, changing and removing webhooks.

use chrono::Duration;
use rookery_core::domain::{AuditAction, WebhookEvent};
use rookery_core::ports::{Addition, DisableReason, WebhookChange};

use super::{added, change, claim, find, happens, new_webhook, owner, told};
use crate::contract::World;

pub async fn a_webhook_is_kept_as_it_was_decided(world: World) {
    let (_, tenant) = owner(&world, "ada@example.com").await;
    let new = new_webhook(
        &world,
        Some(tenant),
        &[WebhookEvent::UserCreated, WebhookEvent::OtherSessionsRevoked],
    );
    assert_eq!(world.stores.webhooks.add(&new).await.unwrap(), Addition::Added);
    world.advance(Duration::seconds(1));
    let second = added(&world, None, &[]).await;
    let found = world.stores.webhooks.find(&new.webhook.id, &world.now()).await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (&found.webhook, &found.secrets),
        (&new.webhook, &vec![b"sealed".to_vec()])
    );
    let all = world.stores.webhooks.list().await.unwrap();
    assert_eq!(all, [new.webhook, find(&world, second).await]);
    assert_eq!(world.ledger().await.count("events webhook.added success"), 2);
}

pub async fn a_webhook_for_a_tenant_that_is_not_there_is_not_kept(world: World) {
    let before = world.ledger().await;
    let new = new_webhook(&world, Some(world.mint.tenant_id(world.now())), &[]);
    assert_eq!(world.stores.webhooks.add(&new).await.unwrap(), Addition::NoSuchTenant);
    assert!(world.since(&before).await.is_empty());
}

pub async fn a_rotation_lets_both_secrets_sign_until_the_overlap_ends(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    let overlap_until = world.now() + Duration::hours(24);
    for secret in [b"second", b"third!"] {
        let rotate = WebhookChange::Rotate {
            secret: secret.to_vec(),
            overlap_until,
        };
        assert!(change(&world, webhook, &rotate).await);
    }
    let both = vec![b"third!".to_vec(), b"second".to_vec()];
    let secrets = |now| {
        let store = &world.stores.webhooks;
        async move { store.find(&webhook, &now).await.unwrap().unwrap().secrets }
    };
    assert_eq!(secrets(overlap_until - Duration::microseconds(1)).await, both);
    assert_eq!(secrets(overlap_until).await, [b"third!".to_vec()]);
    assert_eq!(find(&world, webhook).await.overlap_until, Some(overlap_until));
    assert_eq!(claim(&world).await[0].secrets, both);
    world.advance(Duration::hours(24));
    happens(&world, AuditAction::LogIn, &person).await;
    assert!(claim(&world).await.iter().all(|message| message.secrets.len() == 1));
}

pub async fn a_disabled_webhook_is_told_of_nothing_new_and_sent_nothing_old(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    assert!(change(&world, webhook, &WebhookChange::Disable).await);
    let first = find(&world, webhook).await.disabled.unwrap();
    assert_eq!(first, (world.now(), DisableReason::Operator));
    world.advance(Duration::seconds(1));
    assert!(change(&world, webhook, &WebhookChange::Disable).await);
    assert_eq!(
        find(&world, webhook).await.disabled,
        Some(first),
        "the first time stays"
    );
    happens(&world, AuditAction::LogIn, &person).await;
    assert_eq!(told(&world, webhook).await, ["user.created"]);
    assert!(claim(&world).await.is_empty());
    assert!(change(&world, webhook, &WebhookChange::Enable).await);
    assert_eq!(find(&world, webhook).await.disabled, None);
    assert_eq!(claim(&world).await[0].event.kind, WebhookEvent::UserCreated);
}

pub async fn a_removed_webhook_takes_its_messages_along(world: World) {
    let webhook = added(&world, None, &[]).await;
    let other = added(&world, None, &[]).await;
    world.person("ada@example.com").await;
    let event = world.event(AuditAction::WebhookRemoved, None);
    assert!(world.stores.webhooks.remove(&webhook, &event).await.unwrap());
    assert_eq!(world.stores.webhooks.list().await.unwrap().len(), 1);
    let claimed = claim(&world).await;
    assert_eq!((claimed.len(), claimed[0].webhook), (1, other));
    let before = world.ledger().await;
    assert!(!world.stores.webhooks.remove(&webhook, &event).await.unwrap());
    assert!(world.since(&before).await.is_empty());
}

pub async fn changing_a_webhook_that_is_not_there_writes_nothing(world: World) {
    let before = world.ledger().await;
    let webhook = world.mint.webhook_id(world.now());
    let rotate = WebhookChange::Rotate {
        secret: b"new".to_vec(),
        overlap_until: world.now(),
    };
    for wish in [rotate, WebhookChange::Disable, WebhookChange::Enable] {
        assert!(!change(&world, webhook, &wish).await, "{wish:?}");
    }
    assert!(
        world
            .stores
            .webhooks
            .find(&webhook, &world.now())
            .await
            .unwrap()
            .is_none()
    );
    assert!(world.since(&before).await.is_empty());
}
