//! How often somebody may try.
//!
//! Every attempt is counted *before* the work it asks for, in one atomic step shared by all nodes, so a burst on many
//! connections gets no further than one after the other. What turns out harmless (a right password) is given back or
//! clears the count. Counters are named by keyed digests: the table says nothing of whom it counts.

mod limit;
mod lots;
mod page;
mod subject;
mod throttle;

use chrono::Duration;
use thiserror::Error;

use crate::ports::PortError;

pub use limit::{Limit, LimitProfile, Rule};
pub use page::limits_page;
pub use subject::Subject;
pub use throttle::Throttle;

/// An attempt was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// By which limit.
    pub limit: Limit,
    /// What the limit allows; `None` when limits are off.
    pub rule: Option<Rule>,
    /// How many more there are until then.
    pub remaining: u32,
    /// How long until the count begins anew.
    pub resets_in: Duration,
}

impl Level {
    /// How many were taken until the count begins anew, this included; none where nothing is counted.
    #[must_use]
    pub const fn taken(&self) -> u32 {
        match self.rule {
            Some(rule) => rule.quota.saturating_sub(self.remaining),
            None => 0,
        }
    }

    /// Whether this was the last attempt: the quota is used up now, and the lock, if the rule has one, has begun.
    #[must_use]
    pub const fn was_last(&self) -> bool {
        self.rule.is_some() && self.remaining == 0
    }
}

/// An attempt that does not happen.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("too many attempts ({})", limit.name())]
pub struct Refusal {
    /// By which limit.
    pub limit: Limit,
    /// What the limit allows.
    pub rule: Rule,
    /// How long until the count begins anew; always positive.
    pub retry_in: Duration,
}

/// Why an attempt does not happen.
#[derive(Debug, Error)]
pub enum ThrottleError {
    /// There were too many.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The counters do not answer. Whoever guards a secret with them lets nobody pass.
    #[error(transparent)]
    Port(#[from] PortError),
}

#[cfg(test)]
mod tests;
