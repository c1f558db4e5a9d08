//! Work that outlives a request: started here and nowhere else, stopped in order.

mod announcing;
mod delivering;
mod erasing;
mod exporting;
mod pace;
mod tidying;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{debug, error, warn};

pub(crate) use announcing::announce;
pub(crate) use delivering::deliver;
pub(crate) use erasing::erase;
pub(crate) use exporting::export;
use pace::back_off;
pub(crate) use tidying::tidy;

/// How long the work at hand may take when the process stops: a mail or two. What does not come to an end is taken up at
/// the next start.
pub const WORKERS_GRACE: Duration = Duration::from_secs(10);

/// The background work of one process.
///
/// Dropping it ends the work at once, wherever it is; [`stop`](Self::stop) lets each piece come to its next rest.
#[derive(Debug)]
pub struct Workers {
    tasks: JoinSet<()>,
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
            biased;
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
    /// Starts a piece of work on the runtime of the caller. It shall go on until its sign is given; should a defect end it
    /// before, it is begun anew after a pause: people can sign in whatever becomes of their mail.
    pub fn start<W>(&mut self, name: &'static str, work: impl Fn(StopSign) -> W + Send + 'static)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let mut stop = StopSign(self.stop.subscribe());
        self.tasks.spawn(async move {
            let mut deaths = 0;
            loop {
                let outcome = AssertUnwindSafe(work(stop.clone())).catch_unwind().await;
                let stopped = *stop.0.borrow();
                if outcome.is_ok() && stopped {
                    debug!(worker = name, "has stopped");
                    return;
                }
                deaths += 1;
                error!(worker = name, deaths, "a worker died of a defect and is begun anew");
                if !stop.sleep(back_off(deaths, 0.0)).await {
                    return;
                }
            }
        });
    }

    /// Gives the sign and waits until all have come to rest, or until the time is up and the rest is cut off.
    pub async fn stop(mut self, within: Duration) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(within, all).await.is_err() {
            warn!(
                "background work did not come to an end in time and is cut off; what it held is taken up at the next start"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn stopping_waits_for_the_work_at_hand() {
        let done = Arc::new(AtomicBool::new(false));
        let mut workers = Workers::default();
        let flag = Arc::clone(&done);
        workers.start("slow", move |mut stop| {
            let flag = Arc::clone(&flag);
            async move {
                stop.given().await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                flag.store(true, Ordering::Relaxed);
            }
        });
        workers.stop(Duration::from_secs(5)).await;
        assert!(done.load(Ordering::Relaxed));
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_never_rests_is_cut_off() {
        let mut workers = Workers::default();
        workers.start("endless", |_| std::future::pending());
        workers.stop(Duration::from_secs(10)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_dies_is_begun_anew_after_a_pause() {
        let lives = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&lives);
        let mut workers = Workers::default();
        workers.start("frail", move |mut stop| {
            let life = count.fetch_add(1, Ordering::Relaxed);
            async move {
                assert!(life > 2, "this one dies young");
                stop.given().await;
            }
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(lives.load(Ordering::Relaxed), 2, "there is a pause between two lives");
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(lives.load(Ordering::Relaxed), 4, "the fourth lives on");
        workers.stop(Duration::from_secs(5)).await;
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
