//! Delivering queued mail.

mod back_off;
mod service;

use async_trait::async_trait;

use crate::ports::PortError;

pub(crate) use back_off::pause;
pub use service::DeliveryService;

/// What a round of deliveries did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Mails a server has taken.
    pub sent: u32,
    /// Mails that will be tried again.
    pub postponed: u32,
    /// Mails that will never be sent.
    pub abandoned: u32,
}

impl Delivered {
    /// Mails that were looked at.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.sent + self.postponed + self.abandoned
    }
}

/// The worker's use case.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Delivery: Send + Sync {
    /// Delivers a batch of the mails that are due. Safe to run on several nodes at once. At least once: a mail whose
    /// delivery could not be written down goes out again, under the same `Message-ID`.
    ///
    /// # Errors
    /// [`PortError`] when the outbox does not answer. A mail that cannot be delivered is no error.
    async fn deliver_due(&self) -> Result<Delivered, PortError>;
}
