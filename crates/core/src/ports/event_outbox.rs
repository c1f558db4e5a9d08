//! Account events that were queued in the transaction of what they tell of, and are sent later.

use async_trait::async_trait;
use rookery_domain::{EventId, SessionId, TenantId, Timestamp, UserId, WebhookEvent, WebhookId, WebhookUrl, WorkerId};

use super::{DisableReason, PortError};
use crate::AuditEvent;

/// Something that happened to an account, as other systems are told of it: ids and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEvent {
    /// The id it has in the audit log, and the `webhook-id` every copy of it carries.
    pub id: EventId,
    /// What.
    pub kind: WebhookEvent,
    /// When.
    pub occurred: Timestamp,
    /// To whom.
    pub user: Option<UserId>,
    /// For a tenant's webhook that tenant; otherwise the one the session was in.
    pub tenant: Option<TenantId>,
    /// In which session.
    pub session: Option<SessionId>,
}

/// A request for messages that are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventClaim {
    /// Who asks. Only the holder of a lease says that a message failed.
    pub holder: WorkerId,
    /// Messages due at this moment, which nobody holds a lease on, of webhooks that are neither disabled nor resting.
    pub now: Timestamp,
    /// They are this worker's until then; a worker that dies loses them to another.
    pub lease_until: Timestamp,
    /// At most this many, the longest due first.
    pub limit: u64,
    /// At most this many of one webhook, so that none can hold up the others.
    pub limit_per_webhook: u64,
}

/// A message to send, held under a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedEvent {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Where that is.
    pub url: WebhookUrl,
    /// The secrets that sign at this moment, newest first, sealed for the webhook's id.
    pub secrets: Vec<Vec<u8>>,
    /// How many deliveries to it have failed since the last one that did not.
    pub failures: u32,
    /// When the first of these failed.
    pub failing_since: Option<Timestamp>,
    /// What to tell.
    pub event: AccountEvent,
    /// How often this message was tried before.
    pub attempts: u32,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventOutcome {
    /// The receiver has it.
    Delivered {
        /// Its answer, 200 to 299.
        status: u16,
    },
    /// It was not taken and will be tried again. Counts against the webhook.
    Retry {
        /// Not before then.
        next_attempt: Timestamp,
        /// Why, and what follows for the webhook.
        failure: FailedAttempt,
    },
    /// It was not taken and will not be tried again. Counts against the webhook.
    Dead {
        /// Why, and what follows for the webhook.
        failure: FailedAttempt,
    },
    /// It was not even tried, for a reason that is not the webhook's. Counts against nobody.
    Postponed {
        /// Not before then.
        next_attempt: Timestamp,
        /// Why, for the operator.
        error: String,
    },
}

/// Why a message was not taken, and what follows for its webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    /// What the receiver answered, if it did.
    pub status: Option<u16>,
    /// Why, for the operator; says nothing of the network this service is in.
    pub error: String,
    /// Nothing is sent to this webhook before then.
    pub rest_until: Option<Timestamp>,
    /// Nothing is sent to this webhook any more, and that is written down; unless it is disabled already.
    pub disable: Option<(DisableReason, AuditEvent)>,
}

/// What became of a message that was leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSettlement {
    /// To which webhook it was.
    pub webhook: WebhookId,
    /// Which event.
    pub event: EventId,
    /// Who held it.
    pub holder: WorkerId,
    /// When this was known.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: EventOutcome,
}

/// Keeps queued account events.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait EventOutbox: Send + Sync {
    /// Leases due messages to the caller. No message is given to two workers while a lease lasts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing is leased.
    async fn claim(&self, claim: &EventClaim) -> Result<Vec<ClaimedEvent>, PortError>;

    /// Writes down what became of a message, and gives the lease back. A delivery counts whoever reports it; a failure
    /// counts only while the one who reports it holds the lease. What is settled already stays as it is.
    ///
    /// # Errors
    /// [`PortError`]; then the lease runs out and the message is sent again, under the same `webhook-id`.
    async fn settle(&self, settlement: &EventSettlement) -> Result<(), PortError>;
}
