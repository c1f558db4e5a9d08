//! Whether the database answers.

use async_trait::async_trait;

use super::PortError;

/// Something that can be asked whether it is alive.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Heartbeat: Send + Sync {
    /// One round trip to the database.
    ///
    /// # Errors
    /// [`PortError`] when it does not answer in time.
    async fn beat(&self) -> Result<(), PortError>;
}
