//! Whether the service can do its work.

mod service;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::Timestamp;

pub use service::HealthService;

/// How the service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether the database answers and the service is not shutting down.
    pub healthy: bool,
    /// Now.
    pub at: Timestamp,
    /// Since it started.
    pub uptime: Duration,
}

/// Asking how the service is.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait HealthCheck: Send + Sync {
    /// Asks the database.
    async fn check(&self) -> Health;

    /// From now on the service says that it is not ready, so that no new work is sent to it.
    fn begin_shutdown(&self);
}
