//! Throwing away what has run out.

mod service;

use async_trait::async_trait;

use crate::ports::{PortError, Swept};

pub use service::HousekeepingService;

/// The cleaner's use case.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// Throws away sessions a day after they ended, one-time tokens 30 days after they expired (until then "expired" and
    /// "used" can be told from "unknown"), and settled mails after 30 days. Safe to run on several nodes at once.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn tidy(&self) -> Result<Swept, PortError>;
}
