//! Counters that every node shares.

use async_trait::async_trait;
use rookery_domain::Timestamp;

use super::PortError;
use crate::throttling::{Limit, Rule};

/// A counter, by a name that tells nobody whom it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CounterKey {
    /// Of which limit.
    pub limit: Limit,
    /// Whose: a keyed digest of the address, network or id.
    pub subject: [u8; 32],
}

/// A request to be counted, before the work it is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// On which counter.
    pub counter: CounterKey,
    /// How much at once; all of it is granted or none.
    pub amount: u32,
    /// What the counter allows.
    pub rule: Rule,
    /// When.
    pub at: Timestamp,
}

/// What a counter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was counted.
    Granted {
        /// How much of the quota is used up now, this included.
        count: u32,
        /// When the count begins anew: the end of the window, or of the lock if this take has begun one.
        ends: Timestamp,
    },
    /// There is not as much left; nothing was counted.
    Refused {
        /// When the count begins anew.
        ends: Timestamp,
    },
}

/// What a counter shows to somebody who only looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How much of the quota is used up.
    pub count: u32,
    /// When the count begins anew.
    pub ends: Timestamp,
}

/// Counts, for all nodes together. A counter begins with the first take after its end and ends a window later; the take
/// that uses the quota up moves the end to a lock's length from then, if the rule locks.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Counts, if there is enough left. Of any number of takes at once, from whatever node, no more than the quota is
    /// granted.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was counted.
    async fn take(&self, take: &Take) -> Result<Taken, PortError>;

    /// Gives one back that was granted and turned out not to count, and with it the lock it began. Nothing happens to a
    /// counter that has ended.
    ///
    /// # Errors
    /// [`PortError`]; then it stays counted.
    async fn give_back(&self, counter: &CounterKey, at: &Timestamp) -> Result<(), PortError>;

    /// How much is counted and when that ends, if it has not ended. Counts nothing.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn look(&self, counter: &CounterKey, at: &Timestamp) -> Result<Option<Counted>, PortError>;

    /// Forgets the counter: the next take begins anew.
    ///
    /// # Errors
    /// [`PortError`]; then it goes on as it was.
    async fn clear(&self, counter: &CounterKey) -> Result<(), PortError>;
}
