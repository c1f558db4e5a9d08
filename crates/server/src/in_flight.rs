//! The requests that are being answered, over all threads of the server.
//!
//! A connection to PostgreSQL belongs to the runtime of the server thread on which it was made, and any thread may be given
//! it. A thread of the server ends as soon as *it* has nothing to do; were the threads stopped while others still answer,
//! those would find their database connections dead. So the last request is waited for before any thread is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How often it is looked whether the last request is done.
const LOOK: Duration = Duration::from_millis(10);
/// What was accepted last gets this long to be read, and so to count.
const SETTLING: Duration = Duration::from_millis(50);

/// Counts requests. Clones count the same ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicUsize,
    draining: AtomicBool,
}

/// A request that counts until this is dropped.
#[derive(Debug)]
pub(crate) struct Counted(Arc<Counts>);

impl InFlight {
    /// One more.
    pub(crate) fn enter(&self) -> Counted {
        self.0.requests.fetch_add(1, Ordering::SeqCst);
        Counted(Arc::clone(&self.0))
    }

    /// Waits until no request is being answered, or until the time is up. Whether none is. From now on
    /// [`Counted::is_the_last`] asks clients to send no more on their connections.
    pub(crate) async fn drained(&self, within: Duration) -> bool {
        self.0.draining.store(true, Ordering::SeqCst);
        let empty = async {
            tokio::time::sleep(SETTLING).await;
            while self.0.requests.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(within.max(2 * SETTLING), empty).await.is_ok()
    }
}

impl Counted {
    /// Whether its connection shall end with it.
    pub(crate) fn is_the_last(&self) -> bool {
        self.0.draining.load(Ordering::SeqCst)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn draining_waits_for_the_last_request_and_no_longer_than_it_may() {
        let in_flight = InFlight::default();
        assert!(in_flight.drained(Duration::from_secs(1)).await);

        let (one, other) = (in_flight.enter(), in_flight.enter());
        assert!(one.is_the_last());
        drop(other);
        assert!(!in_flight.drained(Duration::from_secs(1)).await);

        let ends = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            drop(one);
        };
        let (drained, ()) = tokio::join!(in_flight.drained(Duration::from_secs(1)), ends);
        assert!(drained);
    }

    #[test]
    fn connections_go_on_until_the_server_drains() {
        assert!(!InFlight::default().enter().is_the_last());
    }
}
