//! A few threads that hash passwords and do nothing else.

mod memory;

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{fmt, io, thread};

use rookery_core::ports::Lane;
use tokio::sync::oneshot;

pub(crate) use memory::{Memory, Uncomputed};

/// How far the threads step back behind those that serve requests: the `nice` value, of −20 to 19.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// How many known people are served in a row while strangers wait.
const PATIENCE: u32 = 8;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads of their own, at a lower scheduling priority, fed by a bounded queue. Each keeps its hashing memory between
/// jobs and gives it back when it has had nothing to do for a while.
///
/// Known people and strangers wait in lanes of their own, each with room for as many, so that no crowd of strangers
/// takes a known person's place. Who is known is served first; of those who wait, a stranger is served at the latest
/// after [`PATIENCE`] of them.
///
/// A job keeps its place in its lane when its caller goes away, so that aborting requests frees no room for more of
/// them; only when its turn comes is it skipped. One that has begun is finished.
pub(crate) struct Crew {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Why a job was not taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// As many jobs wait in this lane as may wait.
    Full,
    /// The crew has been sent home.
    Closed,
}

struct Queue {
    state: Mutex<State>,
    bell: Condvar,
    /// Of each lane.
    capacity: usize,
}

struct State {
    jobs: Jobs,
    open: bool,
}

/// What waits, lane by lane.
#[derive(Default)]
struct Jobs {
    known: VecDeque<Job>,
    strangers: VecDeque<Job>,
    /// Known people served since a stranger was.
    in_a_row: u32,
}

impl Jobs {
    const fn lane(&mut self, lane: Lane) -> &mut VecDeque<Job> {
        match lane {
            Lane::Known => &mut self.known,
            Lane::Stranger => &mut self.strangers,
        }
    }

    fn len(&self) -> usize {
        self.known.len() + self.strangers.len()
    }

    fn next(&mut self) -> Option<Job> {
        if self.in_a_row >= PATIENCE || self.known.is_empty() {
            self.in_a_row = 0;
            if let Some(job) = self.strangers.pop_front() {
                return Some(job);
            }
        }
        self.in_a_row += 1;
        self.known.pop_front()
    }
}

impl Crew {
    /// Starts the threads. `idle` is how long a thread without work keeps its memory.
    pub(crate) fn start(threads: NonZeroUsize, capacity: NonZeroUsize, idle: Duration) -> io::Result<Self> {
        let crew = Self {
            queue: Arc::new(Queue {
                state: Mutex::new(State {
                    jobs: Jobs::default(),
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
        lane: Lane,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, Refusal> {
        let (answer, receiver) = oneshot::channel();
        let mut state = self.queue.state();
        if !state.open {
            return Err(Refusal::Closed);
        }
        let capacity = self.queue.capacity;
        let waiting = state.jobs.lane(lane);
        if waiting.len() >= capacity {
            return Err(Refusal::Full);
        }
        waiting.push_back(Box::new(move |memory| {
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
            if let Some(job) = state.jobs.next() {
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
            if waited.timed_out() && state.open && state.jobs.len() == 0 {
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
            .submit(Lane::Stranger, move |_| {
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
        let name = block_on(
            crew.submit(Lane::Stranger, |_| thread::current().name().map(str::to_owned))
                .unwrap(),
        )
        .unwrap();
        assert_eq!(name.as_deref(), Some("argon2"));
        assert_eq!(crew.size(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_crew_steps_back_behind_the_other_threads() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let outside = niceness();
        let inside = block_on(crew(1, 1).submit(Lane::Stranger, move |_| niceness()).unwrap()).unwrap();
        assert_eq!(inside, NICENESS.max(outside));
        assert_eq!(niceness(), outside);
    }

    #[test]
    fn a_full_queue_refuses_at_once_and_has_room_again_later() {
        let crew = crew(1, 2);
        let (release, done) = occupy(&crew);
        let first = crew.submit(Lane::Stranger, |_| 1).unwrap();
        let second = crew.submit(Lane::Stranger, |_| 2).unwrap();
        assert_eq!(crew.waiting(), 2);
        assert_eq!(crew.submit(Lane::Stranger, |_| 3).unwrap_err(), Refusal::Full);
        release.send(()).unwrap();
        block_on(done).unwrap();
        assert_eq!((block_on(first).unwrap(), block_on(second).unwrap()), (1, 2));
        assert_eq!(block_on(crew.submit(Lane::Stranger, |_| 3).unwrap()).unwrap(), 3);
    }

    /// ATTACKS A73, and the lock-out by load in A31: a crowd of strangers turns strangers away.
    // Proves: A73, ASVS 15.1.3
    #[test]
    fn a_lane_full_of_strangers_leaves_the_lane_of_the_known_free_and_they_are_served_first() {
        let crew = crew(1, 2);
        let (release, done) = occupy(&crew);
        let (served, order) = mpsc::channel();
        let serve = |lane, name: &'static str| {
            let served = served.clone();
            crew.submit(lane, move |_| served.send(name).unwrap())
        };
        let strangers = [
            serve(Lane::Stranger, "stranger").unwrap(),
            serve(Lane::Stranger, "stranger").unwrap(),
        ];
        assert_eq!(serve(Lane::Stranger, "stranger").unwrap_err(), Refusal::Full);
        let known = [
            serve(Lane::Known, "known").unwrap(),
            serve(Lane::Known, "known").unwrap(),
        ];
        assert_eq!(serve(Lane::Known, "known").unwrap_err(), Refusal::Full);
        release.send(()).unwrap();
        block_on(done).unwrap();
        for receiver in known.into_iter().chain(strangers) {
            block_on(receiver).unwrap();
        }
        drop(served);
        assert_eq!(
            order.into_iter().collect::<Vec<_>>(),
            ["known", "known", "stranger", "stranger"]
        );
    }

    #[test]
    fn a_stranger_waits_for_eight_known_people_and_no_more() {
        let crew = crew(1, 20);
        let (release, done) = occupy(&crew);
        let (served, order) = mpsc::channel();
        let mut receivers = Vec::new();
        for lane in [Lane::Stranger].into_iter().chain([Lane::Known; 12]) {
            let served = served.clone();
            receivers.push(crew.submit(lane, move |_| served.send(lane).unwrap()).unwrap());
        }
        release.send(()).unwrap();
        block_on(done).unwrap();
        for receiver in receivers {
            block_on(receiver).unwrap();
        }
        drop(served);
        let place = order.into_iter().position(|lane| lane == Lane::Stranger);
        assert_eq!(place, Some(8));
    }

    // Proves: A73
    #[test]
    fn a_caller_that_goes_away_frees_no_place_and_its_work_is_skipped() {
        let crew = crew(1, 1);
        let (release, done) = occupy(&crew);
        let (worked, was_worked) = mpsc::channel();
        drop(crew.submit(Lane::Stranger, move |_| worked.send(())).unwrap());
        assert_eq!(crew.submit(Lane::Stranger, |_| ()).unwrap_err(), Refusal::Full);
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
        assert_eq!(block_on(crew.submit(Lane::Stranger, |_| 1).unwrap()).unwrap(), 1);
    }

    #[test]
    fn a_panic_ends_one_job_and_no_thread() {
        let crew = crew(1, 4);
        assert!(block_on(crew.submit(Lane::Stranger, |_| panic!("on purpose")).unwrap()).is_err());
        assert_eq!(block_on(crew.submit(Lane::Stranger, |_| 1).unwrap()).unwrap(), 1);
    }

    #[test]
    fn a_crew_that_is_sent_home_finishes_what_it_began_and_drops_the_rest() {
        let crew = Arc::new(crew(1, 2));
        let (release, done) = occupy(&crew);
        let waiting = crew.submit(Lane::Stranger, |_| ()).unwrap();
        let leaving = Arc::clone(&crew);
        let home = thread::spawn(move || leaving.send_home());
        assert!(block_on(waiting).is_err(), "what had not begun is dropped");
        assert_eq!(crew.submit(Lane::Stranger, |_| ()).unwrap_err(), Refusal::Closed);
        release.send(()).unwrap();
        home.join().unwrap();
        assert_eq!(block_on(done), Ok(()), "what had begun is finished");
        assert_eq!(crew.size(), 0);
        crew.send_home();
    }

    // Proves: ASVS 1.4.3
    #[test]
    fn memory_is_kept_between_jobs_and_given_back_without_work() {
        let idle = Duration::from_millis(30);
        let crew = Crew::start(NonZeroUsize::MIN, NonZeroUsize::MIN, idle).unwrap();
        let tag = |memory: &mut Memory| {
            memory.reserve(&Argon2Cost::TRIFLING).unwrap();
            memory.is_empty()
        };
        assert!(!block_on(crew.submit(Lane::Stranger, tag).unwrap()).unwrap());
        let patience = Instant::now() + Duration::from_secs(10);
        while !block_on(
            crew.submit(Lane::Stranger, |memory| {
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
