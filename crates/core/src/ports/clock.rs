//! The time, as an argument.

use rookery_domain::Timestamp;

/// Tells the time.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// This moment in UTC, truncated to microseconds: PostgreSQL keeps no more, and a time that was stored must equal
    /// the time that was meant.
    fn now(&self) -> Timestamp;
}
