//! Telling other systems what happens to accounts: what an operator sets up.

mod payload;
mod service;

use async_trait::async_trait;
use rookery_domain::{EventId, TenantId, Timestamp, WebhookEvent, WebhookId, WebhookSecret, WebhookUrl};
use thiserror::Error;

use crate::ports::{MessageFilter, MessageReport, PortError, SendFailure, Webhook};

pub(crate) use payload::{of_event, of_test};
pub use service::WebhookService;
pub(crate) use service::{opened, written};

/// A webhook somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookOrder {
    /// Whose people it is told of; `None` is everybody.
    pub tenant: Option<TenantId>,
    /// Where events are sent.
    pub url: WebhookUrl,
    /// Which; none named is all there are, and all there will be.
    pub events: Vec<WebhookEvent>,
}

/// A webhook with the secret that signs for it from now on. Shown once: it is kept sealed.
#[derive(Clone, Debug)]
pub struct SecretTold {
    /// What it is like now.
    pub webhook: Webhook,
    /// What the receiver verifies with.
    pub secret: WebhookSecret,
}

/// What a test came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The `webhook-id` of the test.
    pub event: EventId,
    /// What was answered, or why nothing was.
    pub answer: Result<u16, SendFailure>,
}

impl Tried {
    /// Whether the receiver took it.
    #[must_use]
    pub fn was_taken(&self) -> bool {
        self.answer.is_ok_and(is_taken)
    }
}

/// Whether a receiver that answers this has the message.
pub(crate) fn is_taken(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Why an operator's wish was not done.
#[derive(Debug, Error)]
pub enum WebhooksError {
    /// No webhook has this id.
    #[error("no webhook has this id")]
    NotFound,
    /// The tenant does not exist.
    #[error("no tenant has this id")]
    NoSuchTenant,
    /// Nothing would be sent there.
    #[error(
        "nothing is sent there: {0}. Events go to public addresses; others are named in ROOKERY_WEBHOOKS_ALLOW_INTERNAL"
    )]
    Unsendable(SendFailure),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Webhooks in an operator's hands. Every change leaves an event in the audit log.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Sets one up. Its host must have an address that events are sent to.
    ///
    /// # Errors
    /// [`WebhooksError`]; then nothing was written.
    async fn add(&self, order: WebhookOrder) -> Result<SecretTold, WebhooksError>;

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// [`WebhooksError`]
    async fn list(&self) -> Result<Vec<Webhook>, WebhooksError>;

    /// One of them.
    ///
    /// # Errors
    /// [`WebhooksError`]
    async fn show(&self, id: &WebhookId) -> Result<Webhook, WebhooksError>;

    /// Sends a message of the type `webhook.test` at once, also to one that is disabled, and forgets about it.
    ///
    /// # Errors
    /// [`WebhooksError`]; that the receiver did not take it is an answer.
    async fn test(&self, id: &WebhookId) -> Result<Tried, WebhooksError>;

    /// Gives it a new secret. The one before signs too for [24 hours](WebhookService::OVERLAP).
    ///
    /// # Errors
    /// [`WebhooksError`]; then nothing has changed.
    async fn rotate(&self, id: &WebhookId) -> Result<SecretTold, WebhooksError>;

    /// Sends nothing there any more.
    ///
    /// # Errors
    /// [`WebhooksError`]; then nothing has changed.
    async fn disable(&self, id: &WebhookId) -> Result<Webhook, WebhooksError>;

    /// Sends there again, beginning with what waits. What happened meanwhile comes with a [replay](Self::replay).
    ///
    /// # Errors
    /// [`WebhooksError`]; then nothing has changed.
    async fn enable(&self, id: &WebhookId) -> Result<Webhook, WebhooksError>;

    /// Takes it away, with the messages that wait.
    ///
    /// # Errors
    /// [`WebhooksError`]; then nothing has changed.
    async fn remove(&self, id: &WebhookId) -> Result<(), WebhooksError>;

    /// Sends again what happened since then, under the ids it had, and answers how many messages that is.
    ///
    /// # Errors
    /// [`WebhooksError`]; then nothing is sent again.
    async fn replay(&self, id: &WebhookId, since: &Timestamp) -> Result<u64, WebhooksError>;

    /// What became of its messages.
    ///
    /// # Errors
    /// [`WebhooksError`]
    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageReport>, WebhooksError>;
}
