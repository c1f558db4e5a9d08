//! Counters that live as long as a test.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use rookery_domain::Timestamp;

use crate::ports::{Clock, Counted, CounterKey, KeyedDigest, PortError, Take, Taken, ThrottleStore};
use crate::throttling::{LimitProfile, Throttle};

#[derive(Clone, Copy)]
struct Counter {
    count: u32,
    window_ends: Timestamp,
    ends: Timestamp,
}

/// A [`ThrottleStore`] in memory that keeps the port's promises within one process.
#[derive(Default)]
pub struct MemoryThrottleStore(Mutex<HashMap<CounterKey, Counter>>);

impl MemoryThrottleStore {
    /// A throttle with the limits of this profile on counters of its own.
    #[must_use]
    pub fn throttle(clock: Arc<dyn Clock>, profile: LimitProfile) -> Throttle {
        Throttle::new(Arc::new(Self::default()), Arc::new(OpenDigest), clock, profile)
    }

    fn counters(&self) -> MutexGuard<'_, HashMap<CounterKey, Counter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ThrottleStore for MemoryThrottleStore {
    async fn take(&self, take: &Take) -> Result<Taken, PortError> {
        let mut counters = self.counters();
        let running = counters
            .get(&take.counter)
            .copied()
            .filter(|counter| take.at < counter.ends);
        let before = running.unwrap_or(Counter {
            count: 0,
            window_ends: take.at + take.rule.window,
            ends: take.at + take.rule.window,
        });
        let count = before.count + take.amount;
        if count > take.rule.quota {
            return Ok(Taken::Refused { ends: before.ends });
        }
        let ends = match take.rule.lock {
            Some(lock) if count == take.rule.quota => take.at + lock,
            _ => before.ends,
        };
        counters.insert(take.counter, Counter { count, ends, ..before });
        Ok(Taken::Granted { count, ends })
    }

    async fn give_back(&self, counter: &CounterKey, at: &Timestamp) -> Result<(), PortError> {
        let mut counters = self.counters();
        if let Some(counter) = counters.get_mut(counter).filter(|counter| *at < counter.ends) {
            counter.count = counter.count.saturating_sub(1);
            counter.ends = counter.window_ends;
        }
        Ok(())
    }

    async fn look(&self, counter: &CounterKey, at: &Timestamp) -> Result<Option<Counted>, PortError> {
        let counters = self.counters();
        let running = counters.get(counter).filter(|counter| *at < counter.ends);
        Ok(running.map(|counter| Counted {
            count: counter.count,
            ends: counter.ends,
        }))
    }

    async fn clear(&self, counter: &CounterKey) -> Result<(), PortError> {
        self.counters().remove(counter);
        Ok(())
    }
}

/// A digest without a key, which anybody can repeat. For tests alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenDigest;

impl KeyedDigest for OpenDigest {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        for (round, chunk) in digest.chunks_mut(8).enumerate() {
            let mut hasher = DefaultHasher::new();
            (round, bytes).hash(&mut hasher);
            chunk.copy_from_slice(&hasher.finish().to_le_bytes());
        }
        digest
    }
}
