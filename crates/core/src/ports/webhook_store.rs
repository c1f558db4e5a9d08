//! Where account events go, and what became of them.

use async_trait::async_trait;
use rookery_domain::{EventId, TenantId, Timestamp, UserId, WebhookEvent, WebhookId, WebhookUrl};

use super::PortError;
use crate::AuditEvent;

/// A receiver of account events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its name.
    pub id: WebhookId,
    /// Whose people it is told of; `None` is everybody.
    pub tenant: Option<TenantId>,
    /// Where events are sent.
    pub url: WebhookUrl,
    /// Which it wants; none named is all there are.
    pub events: Vec<WebhookEvent>,
    /// When it was set up.
    pub created: Timestamp,
    /// Since when, and why, nothing is sent there.
    pub disabled: Option<(Timestamp, DisableReason)>,
    /// How many deliveries have failed since the last one that did not.
    pub failures: u32,
    /// When the first of these failed.
    pub failing_since: Option<Timestamp>,
    /// Until when the secret before the last rotation signs too.
    pub overlap_until: Option<Timestamp>,
}

/// Why nothing is sent to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisableReason {
    /// An operator wants it so.
    Operator,
    /// Nothing was taken there for days.
    Failing,
    /// The receiver answered 410: it is gone for good.
    Gone,
}

impl DisableReason {
    const ALL: [Self; 3] = [Self::Operator, Self::Failing, Self::Gone];

    /// The word rows use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }

    /// The meaning of a row's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// A webhook to set up. Afterwards it is told of everything that commits later; the event is written with it.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// What it is like; nothing has failed yet.
    pub webhook: Webhook,
    /// The secret, sealed for the webhook's id.
    pub secret: Vec<u8>,
    /// What is written down about it.
    pub event: AuditEvent,
}

/// What became of a new webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// It is there.
    Added,
    /// There is no such tenant; nothing was written.
    NoSuchTenant,
}

/// A webhook with the secrets that sign for it, newest first, sealed for its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptWebhook {
    /// What it is like.
    pub webhook: Webhook,
    /// One secret, or two during a rotation.
    pub secrets: Vec<Vec<u8>>,
}

/// What an operator changes about a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookChange {
    /// A new secret signs from now on; the one before signs too until then. One that was replaced earlier never again.
    Rotate {
        /// The new secret, sealed for the webhook's id.
        secret: Vec<u8>,
        /// When the overlap ends.
        overlap_until: Timestamp,
    },
    /// Nothing is sent there any more, and nothing new is kept for it. One that is disabled stays so for its first reason.
    Disable,
    /// What waits is sent again, at once, and its failures are forgotten.
    Enable,
}

/// A wish to send again what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// To whom.
    pub webhook: WebhookId,
    /// From when on, by the time things happened.
    pub since: Timestamp,
    /// Up to now.
    pub now: Timestamp,
}

/// Where a message is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// Waits to be sent, for the first time or again.
    Queued,
    /// The receiver has it.
    Delivered,
    /// It is not tried any more; a replay would.
    Dead,
}

impl MessageState {
    /// Every state there is.
    pub const ALL: &'static [Self] = &[Self::Queued, Self::Delivered, Self::Dead];

    /// The word rows use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The meaning of a row's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == word)
    }
}

/// Which messages to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageFilter {
    /// Whose.
    pub webhook: WebhookId,
    /// In this state alone.
    pub state: Option<MessageState>,
    /// At most this many, the newest first.
    pub limit: u64,
}

/// A message as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageReport {
    /// The `webhook-id` it travels under.
    pub event: EventId,
    /// What happened.
    pub kind: WebhookEvent,
    /// When.
    pub occurred: Timestamp,
    /// To whom.
    pub user: Option<UserId>,
    /// Where it is on its way.
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is due, while it waits.
    pub next_attempt: Timestamp,
    /// When it was taken.
    pub delivered: Option<Timestamp>,
    /// The last status the receiver answered.
    pub status: Option<u16>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

/// Keeps webhooks, and shows what became of their messages.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait WebhookStore: Send + Sync {
    /// Sets a webhook up.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn add(&self, webhook: &NewWebhook) -> Result<Addition, PortError>;

    /// Every webhook, the oldest first.
    ///
    /// # Errors
    /// [`PortError`]
    async fn list(&self) -> Result<Vec<Webhook>, PortError>;

    /// One webhook with the secrets that sign for it at this moment.
    ///
    /// # Errors
    /// [`PortError`]
    async fn find(&self, id: &WebhookId, now: &Timestamp) -> Result<Option<KeptWebhook>, PortError>;

    /// Changes a webhook and writes the event; `false`, and nothing was written, when there is none.
    ///
    /// # Errors
    /// [`PortError`]; then nothing has changed.
    async fn change(&self, id: &WebhookId, change: &WebhookChange, event: &AuditEvent) -> Result<bool, PortError>;

    /// Takes a webhook away with all its messages and writes the event; `false` when there is none.
    ///
    /// # Errors
    /// [`PortError`]; then nothing has changed.
    async fn remove(&self, id: &WebhookId, event: &AuditEvent) -> Result<bool, PortError>;

    /// Queues again, under the ids they had, the events since then that the webhook wants: also those that were
    /// delivered, and those from before it was set up or while it was disabled, as far back as the audit log knows whom
    /// they are about. Answers how many.
    ///
    /// # Errors
    /// [`PortError`]; then nothing is queued.
    async fn replay(&self, replay: &Replay) -> Result<u64, PortError>;

    /// The messages of a webhook, by the time they happened, the newest first.
    ///
    /// # Errors
    /// [`PortError`]
    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageReport>, PortError>;
}
