//! Housekeeping, decided.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;

use super::Housekeeping;
use crate::Mint;
use crate::ports::{HousekeepingStore, PortError, Sweep, Swept};

/// [`Housekeeping`] on top of the ports.
pub struct HousekeepingService {
    /// Where things pile up.
    pub store: Arc<dyn HousekeepingStore>,
    /// Tells the time.
    pub mint: Mint,
}

#[async_trait]
impl Housekeeping for HousekeepingService {
    async fn tidy(&self) -> Result<Swept, PortError> {
        let now = self.mint.now();
        self.store
            .sweep(&Sweep {
                sessions_ended_before: now - Duration::days(1),
                tokens_expired_before: now - Duration::days(30),
                mails_settled_before: now - Duration::days(30),
            })
            .await
    }
}

#[cfg(test)]
mod tests;
