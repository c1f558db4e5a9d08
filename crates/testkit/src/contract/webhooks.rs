//! The promises of [`WebhookStore`](rookery_core::ports::WebhookStore), and of every store that tells webhooks something.

mod keeping;
mod replaying;
mod telling;

pub use keeping::*;
pub use replaying::*;
pub use telling::*;

use chrono::Duration;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, CompanyName, TenantId, UrlRules, WebhookEvent, WebhookId, WebhookUrl};
use rookery_core::ports::{
    Addition, ClaimedEvent, EventClaim, MessageFilter, MessageReport, NewTenant, NewWebhook, Webhook, WebhookChange,
};

use super::{Person, World};

/// A webhook as it is decided.
pub(super) fn new_webhook(world: &World, tenant: Option<TenantId>, events: &[WebhookEvent]) -> NewWebhook {
    let id = world.mint.webhook_id(world.now());
    NewWebhook {
        webhook: Webhook {
            id,
            tenant,
            url: WebhookUrl::parse(&format!("https://example.com/{id}"), UrlRules::Production).unwrap(),
            events: events.to_vec(),
            created: world.now(),
            disabled: None,
            failures: 0,
            failing_since: None,
            overlap_until: None,
        },
        secret: b"sealed".to_vec(),
        event: world.event(AuditAction::WebhookAdded, None),
    }
}

pub(super) async fn added(world: &World, tenant: Option<TenantId>, events: &[WebhookEvent]) -> WebhookId {
    let new = new_webhook(world, tenant, events);
    assert_eq!(world.stores.webhooks.add(&new).await.unwrap(), Addition::Added);
    new.webhook.id
}

/// Somebody with a tenant of their own.
async fn owner(world: &World, email: &str) -> (Person, TenantId) {
    let mut account = world.new_account(email);
    let tenant = world.mint.tenant_id(world.now());
    account.tenant = Some(NewTenant {
        id: tenant,
        name: CompanyName::parse("Engines").unwrap(),
    });
    world.stores.accounts.admit(&account).await.unwrap();
    let person = Person {
        user: account.user,
        email: account.email,
    };
    (person, tenant)
}

/// Something that happens to a person and changes nothing else.
pub(super) async fn happens(world: &World, action: AuditAction, person: &Person) -> AuditEvent {
    world.advance(Duration::seconds(1));
    let event = world.event(action, Some(person));
    world.stores.audit.record(&event).await.unwrap();
    event
}

pub(super) async fn reports(world: &World, webhook: WebhookId) -> Vec<MessageReport> {
    let filter = MessageFilter {
        webhook,
        state: None,
        limit: 100,
    };
    world.stores.webhooks.messages(&filter).await.unwrap()
}

/// The kinds of what is on its way to this webhook, the newest first.
pub(super) async fn told(world: &World, webhook: WebhookId) -> Vec<&'static str> {
    let reports = reports(world, webhook).await;
    reports.iter().map(|report| report.kind.as_str()).collect()
}

async fn change(world: &World, webhook: WebhookId, change: &WebhookChange) -> bool {
    let event = world.event(AuditAction::WebhookChanged, None);
    world.stores.webhooks.change(&webhook, change, &event).await.unwrap()
}

pub(super) async fn find(world: &World, webhook: WebhookId) -> Webhook {
    let found = world.stores.webhooks.find(&webhook, &world.now()).await.unwrap();
    found.unwrap().webhook
}

/// Claims everything that is due for a minute.
pub(super) async fn claim(world: &World) -> Vec<ClaimedEvent> {
    let claim = EventClaim {
        holder: world.mint.worker_id(world.now()),
        now: world.now(),
        lease_until: world.now() + Duration::minutes(1),
        limit: 100,
        limit_per_webhook: 100,
    };
    world.stores.event_outbox.claim(&claim).await.unwrap()
}
