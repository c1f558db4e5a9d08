//! Taking, giving back, forgetting.

use std::sync::Arc;

use rookery_domain::Timestamp;

use super::lots::{Look, Lots};
use super::{Level, Limit, LimitProfile, Refusal, Rule, Subject, ThrottleError};
use crate::ports::{Clock, CounterKey, KeyedDigest, PortError, Take, Taken, ThrottleStore};

/// How long counters that did not answer are not asked again for a subject that is served in lots.
const OUTAGE: chrono::Duration = chrono::Duration::seconds(5);

/// Counts attempts against the table of limits.
#[derive(Clone)]
pub struct Throttle {
    store: Arc<dyn ThrottleStore>,
    digest: Arc<dyn KeyedDigest>,
    clock: Arc<dyn Clock>,
    profile: LimitProfile,
    lots: Arc<Lots>,
}

impl Throttle {
    /// A throttle on these counters. Clones share what this node has taken in advance.
    #[must_use]
    pub fn new(
        store: Arc<dyn ThrottleStore>,
        digest: Arc<dyn KeyedDigest>,
        clock: Arc<dyn Clock>,
        profile: LimitProfile,
    ) -> Self {
        Self {
            store,
            digest,
            clock,
            profile,
            lots: Arc::default(),
        }
    }

    /// Counts one attempt, before the work it asks for.
    ///
    /// # Errors
    /// [`ThrottleError`]; then it was not counted, and must not be made.
    pub async fn take(&self, limit: Limit, subject: &Subject) -> Result<Level, ThrottleError> {
        let Some(rule) = limit.rule(self.profile) else {
            return Ok(Level {
                limit,
                rule: None,
                remaining: u32::MAX,
                resets_in: chrono::Duration::zero(),
            });
        };
        let counted = Counted {
            limit,
            rule,
            now: self.clock.now(),
        };
        if limit.lot() > 1 {
            self.take_from_lot(&counted, subject).await
        } else {
            match self.ask(&counted, subject).await? {
                Taken::Granted { count, ends } => Ok(counted.level(rule.quota.saturating_sub(count), ends)),
                Taken::Refused { ends } => Err(counted.refusal(ends).into()),
            }
        }
    }

    /// Takes an attempt back that turned out not to count.
    ///
    /// # Errors
    /// [`PortError`]; then it stays counted.
    pub async fn give_back(&self, limit: Limit, subject: &Subject) -> Result<(), PortError> {
        match self.counter(limit, subject) {
            Some(counter) => self.store.give_back(&counter, &self.clock.now()).await,
            None => Ok(()),
        }
    }

    /// Forgets what was counted, lock included.
    ///
    /// # Errors
    /// [`PortError`]; then the count goes on.
    pub async fn clear(&self, limit: Limit, subject: &Subject) -> Result<(), PortError> {
        match self.counter(limit, subject) {
            Some(counter) => self.store.clear(&counter).await,
            None => Ok(()),
        }
    }

    /// Until when whatever this limit locks is locked for the subject; `None` when it is not, or locks nothing. Counts nothing.
    ///
    /// # Errors
    /// [`PortError`] when the counters do not answer.
    pub async fn locked_until(&self, limit: Limit, subject: &Subject) -> Result<Option<Timestamp>, PortError> {
        let Some(rule) = limit.rule(self.profile).filter(|rule| rule.lock.is_some()) else {
            return Ok(None);
        };
        let counted = self.store.look(&self.key(limit, subject), &self.clock.now()).await?;
        Ok(counted
            .filter(|counted| counted.count >= rule.quota)
            .map(|counted| counted.ends))
    }

    /// The counter's name, for a change that must clear it in its own transaction; `None` when limits are off.
    #[must_use]
    pub fn counter(&self, limit: Limit, subject: &Subject) -> Option<CounterKey> {
        limit.rule(self.profile)?;
        Some(self.key(limit, subject))
    }

    fn key(&self, limit: Limit, subject: &Subject) -> CounterKey {
        CounterKey {
            limit,
            subject: self.digest.digest(&subject.bytes()),
        }
    }

    async fn ask(&self, counted: &Counted, subject: &Subject) -> Result<Taken, PortError> {
        let take = Take {
            counter: self.key(counted.limit, subject),
            amount: counted.limit.lot(),
            rule: counted.rule,
            at: counted.now,
        };
        self.store.take(&take).await
    }

    async fn take_from_lot(&self, counted: &Counted, subject: &Subject) -> Result<Level, ThrottleError> {
        match self.lots.serve(counted.limit, subject, counted.now) {
            Look::Served { remaining, ends } => return Ok(counted.level(remaining, ends)),
            Look::Exhausted { ends } => return Err(counted.refusal(ends).into()),
            Look::Empty => {}
        }
        let taken = match self.ask(counted, subject).await {
            Ok(taken) => taken,
            Err(error) => {
                // Whoever lets requests pass without counters must not have each of them wait for counters first.
                let soon = counted.now + OUTAGE;
                self.lots.put(counted.limit, subject, counted.limit.lot(), 0, soon);
                return Err(error.into());
            }
        };
        match taken {
            Taken::Granted { count, ends } => {
                let beyond = counted.rule.quota.saturating_sub(count);
                let remaining = self.lots.put(counted.limit, subject, counted.limit.lot(), beyond, ends);
                Ok(counted.level(remaining, ends))
            }
            Taken::Refused { ends } => {
                self.lots.exhaust(counted.limit, subject, ends);
                Err(counted.refusal(ends).into())
            }
        }
    }
}

/// What is being counted, by which rule, when.
struct Counted {
    limit: Limit,
    rule: Rule,
    now: Timestamp,
}

impl Counted {
    fn level(&self, remaining: u32, ends: Timestamp) -> Level {
        Level {
            limit: self.limit,
            rule: Some(self.rule),
            remaining,
            resets_in: ends - self.now,
        }
    }

    fn refusal(&self, ends: Timestamp) -> Refusal {
        Refusal {
            limit: self.limit,
            rule: self.rule,
            retry_in: (ends - self.now).max(chrono::Duration::seconds(1)),
        }
    }
}
