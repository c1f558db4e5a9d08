//! Throwing away what nobody needs any more.

use async_trait::async_trait;
use rookery_domain::Timestamp;

use super::PortError;

/// What to throw away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Sessions that ended (idle or absolute) before this.
    pub sessions_ended_before: Timestamp,
    /// One-time tokens that expired before this, used or not.
    pub tokens_expired_before: Timestamp,
    /// Sent, abandoned and discarded mails written before this.
    pub mails_settled_before: Timestamp,
}

/// How many rows went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions.
    pub sessions: u64,
    /// One-time tokens.
    pub tokens: u64,
    /// Mails.
    pub mails: u64,
}

/// Deletes what has run out. Safe to run on several nodes at once.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait HousekeepingStore: Send + Sync {
    /// Throws away; what goes is gone for good.
    ///
    /// # Errors
    /// [`PortError`] when it could not finish; what is left is left for the next round.
    async fn sweep(&self, sweep: &Sweep) -> Result<Swept, PortError>;
}
