//! An operator's wishes about webhooks, decided.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Timestamp, WebhookId, WebhookSecret};
use serde_json::json;

use super::{SecretTold, Tried, WebhookOrder, Webhooks, WebhooksError, of_test};
use crate::ports::{
    Addition, Dispatch, KeptWebhook, MessageFilter, MessageReport, NewWebhook, PortError, Replay, Sealer, Webhook,
    WebhookChange, WebhookSender, WebhookStore,
};
use crate::{AuditEvent, Mint};

/// [`Webhooks`] on top of the ports.
pub struct WebhookService {
    /// Where webhooks are kept.
    pub store: Arc<dyn WebhookStore>,
    /// Locks their secrets away.
    pub sealer: Arc<dyn Sealer>,
    /// Sends tests, and knows where nothing is sent.
    pub sender: Arc<dyn WebhookSender>,
    /// Makes ids, secrets and events.
    pub mint: Mint,
}

impl WebhookService {
    /// How long both secrets sign after a rotation: time enough to give the receiver the new one.
    pub const OVERLAP: Duration = Duration::hours(24);

    async fn find(&self, id: &WebhookId) -> Result<KeptWebhook, WebhooksError> {
        let found = self.store.find(id, &self.mint.now()).await?;
        found.ok_or(WebhooksError::NotFound)
    }

    fn event(&self, at: Timestamp, action: AuditAction, id: WebhookId, what: &str) -> AuditEvent {
        let event = self.mint.event(at, action, AuditOutcome::Success, &Caller::operator());
        written(event, id, what)
    }

    async fn change(&self, id: &WebhookId, change: &WebhookChange, what: &str) -> Result<Webhook, WebhooksError> {
        let event = self.event(self.mint.now(), AuditAction::WebhookChanged, *id, what);
        if self.store.change(id, change, &event).await? {
            self.show(id).await
        } else {
            Err(WebhooksError::NotFound)
        }
    }
}

#[async_trait]
impl Webhooks for WebhookService {
    async fn add(&self, order: WebhookOrder) -> Result<SecretTold, WebhooksError> {
        self.sender
            .admits(&order.url)
            .await
            .map_err(WebhooksError::Unsendable)?;
        let now = self.mint.now();
        let secret = self.mint.webhook_secret();
        let webhook = Webhook {
            id: self.mint.webhook_id(now),
            tenant: order.tenant,
            url: order.url,
            events: order.events,
            created: now,
            disabled: None,
            failures: 0,
            failing_since: None,
            overlap_until: None,
        };
        let new = NewWebhook {
            secret: sealed(self.sealer.as_ref(), webhook.id, &secret)?,
            event: AuditEvent {
                tenant: webhook.tenant,
                ..self.event(now, AuditAction::WebhookAdded, webhook.id, "added")
            },
            webhook,
        };
        match self.store.add(&new).await? {
            Addition::Added => Ok(SecretTold {
                webhook: new.webhook,
                secret,
            }),
            Addition::NoSuchTenant => Err(WebhooksError::NoSuchTenant),
        }
    }

    async fn list(&self) -> Result<Vec<Webhook>, WebhooksError> {
        Ok(self.store.list().await?)
    }

    async fn show(&self, id: &WebhookId) -> Result<Webhook, WebhooksError> {
        Ok(self.find(id).await?.webhook)
    }

    async fn test(&self, id: &WebhookId) -> Result<Tried, WebhooksError> {
        let kept = self.find(id).await?;
        let now = self.mint.now();
        let dispatch = Dispatch {
            id: self.mint.event_id(now),
            body: of_test(now)?,
            secrets: opened(self.sealer.as_ref(), *id, &kept.secrets)?,
            url: kept.webhook.url,
            at: now,
        };
        Ok(Tried {
            event: dispatch.id,
            answer: self.sender.send(&dispatch).await,
        })
    }

    async fn rotate(&self, id: &WebhookId) -> Result<SecretTold, WebhooksError> {
        let secret = self.mint.webhook_secret();
        let change = WebhookChange::Rotate {
            secret: sealed(self.sealer.as_ref(), *id, &secret)?,
            overlap_until: self.mint.now() + Self::OVERLAP,
        };
        Ok(SecretTold {
            webhook: self.change(id, &change, "rotated").await?,
            secret,
        })
    }

    async fn disable(&self, id: &WebhookId) -> Result<Webhook, WebhooksError> {
        self.change(id, &WebhookChange::Disable, "disabled").await
    }

    async fn enable(&self, id: &WebhookId) -> Result<Webhook, WebhooksError> {
        self.change(id, &WebhookChange::Enable, "enabled").await
    }

    async fn remove(&self, id: &WebhookId) -> Result<(), WebhooksError> {
        let event = self.event(self.mint.now(), AuditAction::WebhookRemoved, *id, "removed");
        if self.store.remove(id, &event).await? {
            Ok(())
        } else {
            Err(WebhooksError::NotFound)
        }
    }

    async fn replay(&self, id: &WebhookId, since: &Timestamp) -> Result<u64, WebhooksError> {
        self.find(id).await?;
        let replay = Replay {
            webhook: *id,
            since: *since,
            now: self.mint.now(),
        };
        Ok(self.store.replay(&replay).await?)
    }

    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageReport>, WebhooksError> {
        self.find(&filter.webhook).await?;
        Ok(self.store.messages(filter).await?)
    }
}

/// What a secret is sealed for: a row that is moved does not open.
fn context(id: WebhookId) -> String {
    format!("webhook {id}")
}

fn sealed(sealer: &dyn Sealer, id: WebhookId, secret: &WebhookSecret) -> Result<Vec<u8>, PortError> {
    sealer.seal(secret.as_bytes(), &context(id))
}

/// Opens the secrets of a webhook.
pub(crate) fn opened(sealer: &dyn Sealer, id: WebhookId, secrets: &[Vec<u8>]) -> Result<Vec<WebhookSecret>, PortError> {
    let open = |secret: &Vec<u8>| {
        let plain = sealer.open(secret, &context(id))?;
        let bytes: [u8; 32] = plain
            .as_slice()
            .try_into()
            .map_err(|error| PortError::broken("webhook.open", error))?;
        Ok(WebhookSecret::from_entropy(bytes))
    };
    secrets.iter().map(open).collect()
}

/// An event about a webhook, and what was done to it.
pub(crate) fn written(event: AuditEvent, id: WebhookId, what: &str) -> AuditEvent {
    AuditEvent {
        target: Some(format!("webhook:{id}")),
        detail: Some(json!({ "change": what })),
        ..event
    }
}

#[cfg(test)]
mod tests;
