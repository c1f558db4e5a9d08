//! One thread that works behind all others, and a short queue in front of it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

/// Jobs that may wait. Each holds an upload of at most 5 MiB.
const QUEUE: usize = 8;

/// How far the thread steps back behind those that serve requests and those that hash passwords: the `nice` value, of
/// −20 to 19.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 15;

type Job = Box<dyn FnOnce() + Send>;

/// The thread, and the way to it. Dropping it ends the thread when what waits is done; whoever waits no longer is skipped.
#[derive(Debug)]
pub(crate) struct Workbench {
    /// `None` only while it is being dropped: without a sender the thread comes to its end.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Why a job was not taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// As many wait as may wait.
    Full,
    /// The thread has ended.
    Closed,
}

impl Workbench {
    pub(crate) fn start() -> io::Result<Self> {
        let (jobs, waiting) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("pictures".to_owned())
            .spawn(move || work_off(&waiting))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Queues work at once or refuses it at once. The receiver ends without an answer when the work panics.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, Refusal> {
        let (answer, receiver) = oneshot::channel();
        let job = Box::new(move || {
            if !answer.is_closed() {
                // The caller may have gone meanwhile; then nobody misses the answer.
                let _ = answer.send(work());
            }
        });
        let jobs = self.jobs.as_ref().ok_or(Refusal::Closed)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Refusal::Full,
            TrySendError::Disconnected(_) => Refusal::Closed,
        })?;
        Ok(receiver)
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // It ends with an error only if it panicked outside a job; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

fn work_off(waiting: &Receiver<Job>) {
    step_back();
    for job in waiting {
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("making a picture panicked");
        }
    }
}

/// Where the system refuses that, pictures are made all the same.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "pictures are made at the priority of everything else");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use futures_executor::block_on;

    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_work_is_done_behind_all_other_threads() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let outside = niceness();
        let workbench = Workbench::start().unwrap();
        let inside = block_on(workbench.submit(niceness).unwrap()).unwrap();
        assert_eq!(inside, NICENESS.max(outside));
        assert_eq!(niceness(), outside);
    }

    // Proves: ASVS 15.2.2
    #[test]
    fn a_full_queue_refuses_at_once_and_has_room_again_later() {
        let workbench = Workbench::start().unwrap();
        let (begun, has_begun) = channel();
        let (release, released) = channel::<()>();
        let first = workbench
            .submit(move || {
                begun.send(()).unwrap();
                let _ = released.recv();
            })
            .unwrap();
        has_begun.recv().unwrap();
        let waiting: Vec<_> = (0..QUEUE)
            .map(|number| workbench.submit(move || number).unwrap())
            .collect();
        assert_eq!(workbench.submit(|| ()).unwrap_err(), Refusal::Full);
        release.send(()).unwrap();
        block_on(first).unwrap();
        for (number, answer) in waiting.into_iter().enumerate() {
            assert_eq!(block_on(answer).unwrap(), number);
        }
        assert!(workbench.submit(|| ()).is_ok());
    }

    #[test]
    fn a_panic_ends_one_job_and_not_the_thread() {
        let workbench = Workbench::start().unwrap();
        assert!(block_on(workbench.submit(|| panic!("on purpose")).unwrap()).is_err());
        assert_eq!(block_on(workbench.submit(|| 1).unwrap()), Ok(1));
    }

    #[test]
    fn who_has_gone_away_is_skipped() {
        let workbench = Workbench::start().unwrap();
        let (release, released) = channel::<()>();
        let first = workbench.submit(move || released.recv().is_ok()).unwrap();
        let (worked, was_worked) = channel();
        drop(workbench.submit(move || worked.send(())).unwrap());
        release.send(()).unwrap();
        assert_eq!(block_on(first), Ok(true));
        assert!(was_worked.recv().is_err(), "the work was done for nobody");
    }
}
