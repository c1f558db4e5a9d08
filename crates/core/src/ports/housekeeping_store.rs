//! Throwing away what nobody needs any more.

use async_trait::async_trait;
use rookery_domain::Timestamp;

use super::PortError;
use crate::Leftover;

/// What to throw away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The kind of row.
    pub leftover: Leftover,
    /// Only what ran out before this. What "ran out" means stands with each [`Leftover`].
    pub before: Timestamp,
    /// When this is done.
    pub at: Timestamp,
}

/// Throws away what has run out. Safe to run on several nodes at once.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait HousekeepingStore: Send + Sync {
    /// Throws away, for good, and answers how many rows that were.
    ///
    /// # Errors
    /// [`PortError`] when it could not finish; what is left is left for the next round.
    async fn sweep(&self, sweep: &Sweep) -> Result<u64, PortError>;
}
