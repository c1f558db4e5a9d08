//! A few threads that hash passwords and do nothing else.

mod memory;

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{fmt, io, thread};

use tokio::sync::oneshot;

pub(crate) use memory::{Memory, Uncomputed};

/// How far the threads step back behind those that serve requests: the `nice` value, of −20 to 19.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads of their own, at a lower scheduling priority, fed by a bounded queue. Each keeps its hashing memory between
/// jobs and gives it back when it has had nothing to do for a while.
///
/// A job keeps its place in the queue when its caller goes away, so that aborting requests frees no room for more of
/// them; only when its turn comes is it skipped. One that has begun is finished.
pub(crate) struct Crew {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Why a job was not taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// As many jobs wait as may wait.
    Full,
    /// The crew has been sent home.
    Closed,
}

struct Queue {
    state: Mutex<State>,
    bell: Condvar,
    capacity: usize,
}

struct State {
    jobs: VecDeque<Job>,
    open: bool,
}

impl Crew {
    /// Starts the threads. `idle` is how long a thread without work keeps its memory.
    pub(crate) fn start(threads: NonZeroUsize, capacity: NonZeroUsize, idle: Duration) -> io::Result<Self> {
        let crew = Self {
            queue: Arc::new(Queue {
                state: Mutex::new(State {
                    jobs: VecDeque::new(),
                    open: true,
                }),
                bell: Condvar::new(),
                capacity: capacity.get(),
            }),
            threads: Mutex::default(),
        };
        for _ in 0..threads.get() {
            let queue = Arc::clone(&crew.queue);
            // Should one thread fail to start, dropping the crew sends those before it home.
            let thread = thread::Builder::new()
                .name("argon2".to_owned())
                .spawn(move || queue.work_off(idle))?;
            crew.threads().push(thread);
        }
        Ok(crew)
    }

    /// Queues work at once or refuses it at once. The receiver ends without an answer when the work panics or the crew
    /// is sent home first.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, Refusal> {
        let (answer, receiver) = oneshot::channel();
        let mut state = self.queue.state();
        if !state.open {
            return Err(Refusal::Closed);
        }
        if state.jobs.len() >= self.queue.capacity {
            return Err(Refusal::Full);
        }
        state.jobs.push_back(Box::new(move |memory| {
            if !answer.is_closed() {
                // The caller may have gone meanwhile; then nobody misses the answer.
                let _ = answer.send(work(memory));
            }
        }));
        drop(state);
        self.queue.bell.notify_one();
        Ok(receiver)
    }

    /// Jobs that wait, without those in work.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.state().jobs.len()
    }

    /// Threads at work or waiting for it.
    pub(crate) fn size(&self) -> usize {
        self.threads().len()
    }

    /// Whether it still takes work on.
    pub(crate) fn is_open(&self) -> bool {
        self.queue.state().open
    }

    /// Takes on nothing more, drops what waits, and returns when what is in work is done.
    pub(crate) fn send_home(&self) {
        let mut state = self.queue.state();
        state.open = false;
        let dropped = std::mem::take(&mut state.jobs);
        drop(state);
        self.queue.bell.notify_all();
        drop(dropped);
        for thread in std::mem::take(&mut *self.threads()) {
            // A thread ends with an error only if it panicked outside a job; there is nobody left to tell.
            let _ = thread.join();
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.send_home();
    }
}

impl fmt::Debug for Crew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crew")
            .field("threads", &self.size())
            .field("waiting", &self.waiting())
            .field("capacity", &self.queue.capacity)
            .finish_non_exhaustive()
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work_off(&self, idle: Duration) {
        step_back();
        let mut memory = Memory::default();
        while let Some(job) = self.next(&mut memory, idle) {
            if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
                tracing::error!("hashing a password panicked");
                memory = Memory::default();
            }
        }
    }

    /// Waits for a job; `None` when the crew is sent home.
    fn next(&self, memory: &mut Memory, idle: Duration) -> Option<Job> {
        let mut state = self.state();
        loop {
            if !state.open {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if memory.is_empty() {
                state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (guard, waited) = self
                .bell
                .wait_timeout(state, idle)
                .unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if waited.timed_out() && state.open && state.jobs.is_empty() {
                // Giving back takes a system call: not under the lock.
                drop(state);
                memory.give_back();
                state = self.state();
            }
        }
    }
}

/// Lowers the priority of the calling thread, where the system does that for a thread and not for the whole process.
/// Where it is refused, hashing still works.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "the hashing threads keep the priority of the others");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Instant;

    use futures_executor::block_on;

    use super::*;
    use crate::Argon2Cost;

    const FOREVER: Duration = Duration::from_hours(1);

    fn crew(threads: usize, capacity: usize) -> Crew {
        Crew::start(
            NonZeroUsize::new(threads).unwrap(),
            NonZeroUsize::new(capacity).unwrap(),
            FOREVER,
        )
        .unwrap()
    }

    /// Keeps the only thread busy until told otherwise.
    fn occupy(crew: &Crew) -> (mpsc::Sender<()>, oneshot::Receiver<()>) {
        let (started, wait_for_start) = mpsc::channel();
        let (release, wait_for_release) = mpsc::channel();
        let done = crew
            .submit(move |_| {
                started.send(()).unwrap();
                let _ = wait_for_release.recv();
            })
            .unwrap();
        wait_for_start.recv().unwrap();
        (release, done)
    }

    #[test]
    fn work_is_done_on_the_crew_and_answered() {
        let crew = crew(2, 4);
        let name = block_on(crew.submit(|_| thread::current().name().map(str::to_owned)).unwrap()).unwrap();
        assert_eq!(name.as_deref(), Some("argon2"));
        assert_eq!(crew.size(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_crew_steps_back_behind_the_other_threads() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let outside = niceness();
        let inside = block_on(crew(1, 1).submit(move |_| niceness()).unwrap()).unwrap();
        assert_eq!(inside, NICENESS.max(outside));
        assert_eq!(niceness(), outside);
    }

    #[test]
    fn a_full_queue_refuses_at_once_and_has_room_again_later() {
        let crew = crew(1, 2);
        let (release, done) = occupy(&crew);
        let first = crew.submit(|_| 1).unwrap();
        let second = crew.submit(|_| 2).unwrap();
        assert_eq!(crew.waiting(), 2);
        assert_eq!(crew.submit(|_| 3).unwrap_err(), Refusal::Full);
        release.send(()).unwrap();
        block_on(done).unwrap();
        assert_eq!((block_on(first).unwrap(), block_on(second).unwrap()), (1, 2));
        assert_eq!(block_on(crew.submit(|_| 3).unwrap()).unwrap(), 3);
    }

    #[test]
    fn a_caller_that_goes_away_frees_no_place_and_its_work_is_skipped() {
        let crew = crew(1, 1);
        let (release, done) = occupy(&crew);
        let (worked, was_worked) = mpsc::channel();
        drop(crew.submit(move |_| worked.send(())).unwrap());
        assert_eq!(crew.submit(|_| ()).unwrap_err(), Refusal::Full);
        release.send(()).unwrap();
        block_on(done).unwrap();
        assert!(was_worked.recv().is_err(), "the work was done for nobody");
    }

    #[test]
    fn a_caller_that_goes_away_during_its_work_harms_nobody() {
        let crew = crew(1, 1);
        let (release, done) = occupy(&crew);
        drop(done);
        release.send(()).unwrap();
        assert_eq!(block_on(crew.submit(|_| 1).unwrap()).unwrap(), 1);
    }

    #[test]
    fn a_panic_ends_one_job_and_no_thread() {
        let crew = crew(1, 4);
        assert!(block_on(crew.submit(|_| panic!("on purpose")).unwrap()).is_err());
        assert_eq!(block_on(crew.submit(|_| 1).unwrap()).unwrap(), 1);
    }

    #[test]
    fn a_crew_that_is_sent_home_finishes_what_it_began_and_drops_the_rest() {
        let crew = Arc::new(crew(1, 2));
        let (release, done) = occupy(&crew);
        let waiting = crew.submit(|_| ()).unwrap();
        let leaving = Arc::clone(&crew);
        let home = thread::spawn(move || leaving.send_home());
        assert!(block_on(waiting).is_err(), "what had not begun is dropped");
        assert_eq!(crew.submit(|_| ()).unwrap_err(), Refusal::Closed);
        release.send(()).unwrap();
        home.join().unwrap();
        assert_eq!(block_on(done), Ok(()), "what had begun is finished");
        assert_eq!(crew.size(), 0);
        crew.send_home();
    }

    #[test]
    fn memory_is_kept_between_jobs_and_given_back_without_work() {
        let idle = Duration::from_millis(30);
        let crew = Crew::start(NonZeroUsize::MIN, NonZeroUsize::MIN, idle).unwrap();
        let tag = |memory: &mut Memory| {
            memory.reserve(&Argon2Cost::TRIFLING).unwrap();
            memory.is_empty()
        };
        assert!(!block_on(crew.submit(tag).unwrap()).unwrap());
        let patience = Instant::now() + Duration::from_secs(10);
        while !block_on(
            crew.submit(|memory| {
                thread::yield_now();
                memory.is_empty()
            })
            .unwrap(),
        )
        .unwrap()
        {
            assert!(Instant::now() < patience, "the memory was never given back");
            thread::sleep(idle * 2);
        }
    }
}
