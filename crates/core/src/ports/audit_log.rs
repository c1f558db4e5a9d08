//! Events that change nothing else.

use async_trait::async_trait;

use super::PortError;
use crate::AuditEvent;

/// The append-only record of what happened. Events that belong to a change commit with that change instead.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends one event.
    ///
    /// # Errors
    /// [`PortError`] when it could not be written.
    async fn record(&self, event: &AuditEvent) -> Result<(), PortError>;
}
