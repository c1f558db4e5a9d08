//! Housekeeping, decided.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Housekeeping, RETENTION, Swept};
use crate::Mint;
use crate::ports::{HousekeepingStore, PortError, Sweep};

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
        let mut swept = Vec::with_capacity(RETENTION.len());
        let mut failure = None;
        for rule in RETENTION {
            let sweep = Sweep {
                leftover: rule.leftover,
                before: now - rule.keep(),
                at: now,
            };
            match self.store.sweep(&sweep).await {
                Ok(count) => swept.push((rule.leftover, count)),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        match failure {
            None => Ok(swept.into_iter().collect()),
            Some(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
