//! Sending queued account events.

mod schedule;
mod service;

use async_trait::async_trait;

use crate::ports::PortError;

pub use service::EventDeliveryService;

/// What a round of sending did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventsSent {
    /// Messages a receiver has taken.
    pub delivered: u32,
    /// Messages that will be tried again.
    pub postponed: u32,
    /// Messages that will not be tried any more.
    pub dead: u32,
}

impl EventsSent {
    /// Messages that were looked at.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.delivered + self.postponed + self.dead
    }
}

/// The worker's use case.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait EventDelivery: Send + Sync {
    /// Sends a batch of the messages that are due. Safe to run on several nodes at once. At least once: a message whose
    /// delivery could not be written down goes out again, under the same `webhook-id`. Those of one person go one after
    /// the other, the oldest first, as far as they are due together; nothing more is promised about their order.
    ///
    /// # Errors
    /// [`PortError`] when the outbox does not answer. A message that cannot be delivered is no error.
    async fn send_due(&self) -> Result<EventsSent, PortError>;
}
