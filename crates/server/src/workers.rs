//! Work that outlives a request: started here and nowhere else, stopped in order.

mod delivering;
mod pace;
mod tidying;

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tracing::{debug, error, warn};

pub(crate) use delivering::deliver;
pub(crate) use tidying::tidy;

/// How long the work at hand may take when the process stops: a mail or two. What does not come to an end is taken up at
/// the next start.
pub const WORKERS_GRACE: Duration = Duration::from_secs(10);

/// The background work of one process.
///
/// Dropping it ends the work at once, wherever it is; [`stop`](Self::stop) lets each piece come to its next rest.
#[derive(Debug)]
pub struct Workers {
    tasks: JoinSet<&'static str>,
    stop: watch::Sender<bool>,
}

/// Tells a worker to come to an end.
#[derive(Clone, Debug)]
pub struct StopSign(watch::Receiver<bool>);

impl StopSign {
    /// Returns once the worker shall stop; at once if it should have.
    pub async fn given(&mut self) {
        // The sender is gone only when the set was dropped, which ends this task as well.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// Waits so long, or until the worker shall stop. Whether to go on.
    pub async fn sleep(&mut self, pause: Duration) -> bool {
        tokio::select! {
            () = self.given() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            tasks: JoinSet::new(),
            stop: watch::Sender::new(false),
        }
    }
}

impl Workers {
    /// Starts a piece of work on the runtime of the caller. It shall go on until its sign is given.
    pub fn start<W>(&mut self, name: &'static str, work: impl FnOnce(StopSign) -> W)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let work = work(StopSign(self.stop.subscribe()));
        self.tasks.spawn(async move {
            work.await;
            name
        });
    }

    /// Returns when a worker has ended without being asked to, which only a defect makes it do. Waits for ever if there are
    /// no workers.
    pub async fn died(&mut self) {
        match self.tasks.join_next().await {
            Some(ended) => report(ended),
            None => std::future::pending().await,
        }
    }

    /// Gives the sign and waits until all have come to rest, or until the time is up and the rest is cut off.
    pub async fn stop(mut self, within: Duration) {
        self.stop.send_replace(true);
        let all = async {
            while let Some(ended) = self.tasks.join_next().await {
                match ended {
                    Ok(worker) => debug!(worker, "has stopped"),
                    died => report(died),
                }
            }
        };
        if tokio::time::timeout(within, all).await.is_err() {
            warn!(
                "background work did not come to an end in time and is cut off; what it held is taken up at the next start"
            );
        }
    }
}

fn report(ended: Result<&'static str, JoinError>) {
    match ended {
        Ok(worker) => error!(worker, "ended without being asked to"),
        Err(error) => error!(%error, "a worker died"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn stopping_waits_for_the_work_at_hand() {
        let done = Arc::new(AtomicBool::new(false));
        let mut workers = Workers::default();
        let flag = Arc::clone(&done);
        workers.start("slow", |mut stop| async move {
            stop.given().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
            flag.store(true, Ordering::Relaxed);
        });
        workers.stop(Duration::from_secs(5)).await;
        assert!(done.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn work_that_never_rests_is_cut_off() {
        let mut workers = Workers::default();
        workers.start("endless", |_| std::future::pending());
        workers.stop(Duration::from_millis(20)).await;
    }

    #[tokio::test]
    async fn a_worker_that_ends_by_itself_is_noticed() {
        let mut workers = Workers::default();
        workers.start("endless", |_| std::future::pending());
        workers.start("hasty", |_| async {});
        workers.died().await;
    }

    #[tokio::test]
    async fn a_pause_ends_with_the_stop_sign() {
        let stop = watch::Sender::new(false);
        let mut sign = StopSign(stop.subscribe());
        assert!(sign.sleep(Duration::from_millis(1)).await);
        stop.send_replace(true);
        assert!(!sign.sleep(Duration::from_hours(1)).await);
    }
}
