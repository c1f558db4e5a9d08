//! Health, decided.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use rookery_domain::Timestamp;
use tracing::warn;

use super::{Health, HealthCheck};
use crate::ports::{Clock, Heartbeat};

/// [`HealthCheck`] on top of the ports.
pub struct HealthService {
    heartbeat: Arc<dyn Heartbeat>,
    clock: Arc<dyn Clock>,
    started: Timestamp,
    shutting_down: AtomicBool,
}

impl HealthService {
    /// A service that starts now.
    #[must_use]
    pub fn start(heartbeat: Arc<dyn Heartbeat>, clock: Arc<dyn Clock>) -> Self {
        let started = clock.now();
        Self {
            heartbeat,
            clock,
            started,
            shutting_down: AtomicBool::new(false),
        }
    }
}

#[async_trait]
impl HealthCheck for HealthService {
    async fn check(&self) -> Health {
        let answers = match self.heartbeat.beat().await {
            Ok(()) => true,
            Err(error) => {
                warn!(error = error.chain(), "the database does not answer");
                false
            }
        };
        let at = self.clock.now();
        Health {
            healthy: answers && !self.shutting_down.load(Ordering::Relaxed),
            at,
            uptime: (at - self.started).max(chrono::Duration::zero()),
        }
    }

    fn begin_shutdown(&self) {
        self.shutting_down.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
