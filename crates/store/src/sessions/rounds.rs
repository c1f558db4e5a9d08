//! Questions that come while others are being answered go to the database together.
//!
//! A statement has its price before it reads a row: the way to the database and back, setting up its plan, returning the
//! connection. Asked one by one, sixteen busy clients pay it sixteen times; asked in rounds, a few times. Nobody waits for
//! a timer: a question that finds a lane free goes with those that are there in that moment, which mostly is none. One that
//! finds no lane free goes with the next round, and so is never answered from before it was asked.
//!
//! Nothing runs in the background. Whoever takes a lane holds the round for all its questions, and then passes the lane to
//! the one who has waited longest. Should he be dropped midway, as when his client has gone, the lane is passed on all the
//! same, and those whose round it was ask again.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::RecvError;
use tokio::task::yield_now;
use tokio::time::timeout;

/// Questions in one round, so that a statement stays short.
const MOST: usize = 64;
/// Cores for each lane. More lanes make smaller rounds; one keeps up with the requests of so many cores.
const CORES: usize = 4;
/// A round that takes longer stands in nobody's way: another may begin beside it, so that a connection that hangs does not
/// hold everybody up.
const SLOW: Duration = Duration::from_millis(20);
/// Rounds that may be slow at a time. They shall not use up the connections.
const MOST_SLOW: usize = 3;

/// Gathers questions `Q`, each of which gets its own answer `A`. Clones gather together.
pub(crate) struct Rounds<Q, A>(Arc<Mutex<Table<Q, A>>>);

struct Table<Q, A> {
    waiting: VecDeque<Asker<Q, A>>,
    /// When each round under way began.
    under_way: Vec<Instant>,
    lanes: usize,
}

struct Asker<Q, A> {
    question: Q,
    word: oneshot::Sender<Word<Q, A>>,
}

/// How somebody hears that.
type Waiting<Q, A> = oneshot::Receiver<Word<Q, A>>;

/// What somebody who waits is told.
enum Word<Q, A> {
    Answer(A),
    /// It is their turn to hold a round, for their own question among others.
    Hold(Lane<Q, A>),
}

/// The right to hold a round. Dropped, it is passed on.
struct Lane<Q, A> {
    rounds: Rounds<Q, A>,
    began: Instant,
}

impl<Q: Clone, A> Rounds<Q, A> {
    /// The answer to one question. `hold` answers all questions of a round, in their order, and no fewer.
    pub(crate) async fn ask<F: Future<Output = Vec<A>>>(&self, question: Q, hold: impl Fn(Vec<Q>) -> F) -> A {
        loop {
            let lane = match self.enter(&question) {
                Ok(lane) => lane,
                Err(waiting) => match self.wait(waiting).await {
                    Ok(Word::Answer(answer)) => return answer,
                    Ok(Word::Hold(lane)) => lane,
                    Err(_dropped_midway) => continue,
                },
            };
            // Whoever is as far as this as well comes in first.
            yield_now().await;
            let others = lane.others();
            let questions = std::iter::once(&question).chain(others.iter().map(|other| &other.question));
            let mut answers = hold(questions.cloned().collect()).await.into_iter();
            let own = answers.next();
            for (other, answer) in others.into_iter().zip(answers) {
                // Somebody who has gone meanwhile misses nothing.
                let _ = other.word.send(Word::Answer(answer));
            }
            if let Some(answer) = own {
                return answer;
            }
        }
    }

    /// The word somebody waits for. When a round has become slow meanwhile, whoever notices first holds one beside it for
    /// all who wait: else they would wait for a database that does not answer twice, once behind others and once themselves.
    async fn wait(&self, mut waiting: Waiting<Q, A>) -> Result<Word<Q, A>, RecvError> {
        loop {
            if let Ok(word) = timeout(SLOW, &mut waiting).await {
                return word;
            }
            if let Some(began) = self.table().begin() {
                let rounds = self.clone();
                return Ok(Word::Hold(Lane { rounds, began }));
            }
        }
    }

    /// A lane if one is free, or else a place among those who wait.
    fn enter(&self, question: &Q) -> Result<Lane<Q, A>, Waiting<Q, A>> {
        let mut table = self.table();
        if let Some(began) = table.begin() {
            let rounds = self.clone();
            return Ok(Lane { rounds, began });
        }
        let (word, waiting) = oneshot::channel();
        let question = question.clone();
        table.waiting.push_back(Asker { question, word });
        Err(waiting)
    }
}

impl<Q, A> Rounds<Q, A> {
    /// With so many lanes, where no round is slow.
    fn with_lanes(lanes: usize) -> Self {
        Self(Arc::new(Mutex::new(Table {
            waiting: VecDeque::new(),
            under_way: Vec::new(),
            lanes,
        })))
    }

    fn table(&self) -> MutexGuard<'_, Table<Q, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Q, A> Table<Q, A> {
    /// Begins a round, unless enough are under way.
    fn begin(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let slow = self.under_way.iter().filter(|&&began| now - began > SLOW).count();
        let is_free = self.under_way.len() - slow.min(MOST_SLOW) < self.lanes;
        is_free.then(|| {
            self.under_way.push(now);
            now
        })
    }

    fn end(&mut self, began: Instant) {
        if let Some(place) = self.under_way.iter().position(|&other| other == began) {
            self.under_way.swap_remove(place);
        }
    }

    /// Whoever has waited longest. Those who have gone meanwhile are forgotten.
    fn next(&mut self) -> Option<Asker<Q, A>> {
        std::iter::from_fn(|| self.waiting.pop_front()).find(|asker| !asker.word.is_closed())
    }
}

impl<Q, A> Lane<Q, A> {
    /// Those who still wait, in the order in which they came.
    fn others(&self) -> Vec<Asker<Q, A>> {
        let mut table = self.rounds.table();
        let count = table.waiting.len().min(MOST - 1);
        let others = table.waiting.drain(..count);
        others.filter(|asker| !asker.word.is_closed()).collect()
    }

    /// The lane for somebody else, if anybody waits for it.
    fn passed_on(&self) -> Option<(Asker<Q, A>, Self)> {
        let mut table = self.rounds.table();
        table.end(self.began);
        let next = table.next()?;
        let Some(began) = table.begin() else {
            // It was one more beside a slow one, which is done. The lanes that remain will take everybody along.
            table.waiting.push_front(next);
            return None;
        };
        let rounds = self.rounds.clone();
        Some((next, Self { rounds, began }))
    }
}

impl<Q, A> Drop for Lane<Q, A> {
    fn drop(&mut self) {
        if let Some((next, lane)) = self.passed_on() {
            // Should he have gone in this very moment, the lane comes back, is dropped, and passed on once more.
            drop(next.word.send(Word::Hold(lane)));
        }
    }
}

impl<Q, A> Default for Rounds<Q, A> {
    /// With as many lanes as this machine's cores ask for.
    fn default() -> Self {
        Self::with_lanes(available_parallelism().map_or(1, NonZeroUsize::get).div_ceil(CORES))
    }
}

impl<Q, A> Clone for Rounds<Q, A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Q, A> fmt::Debug for Rounds<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table();
        f.debug_struct("Rounds")
            .field("waiting", &table.waiting.len())
            .field("under_way", &table.under_way.len())
            .field("lanes", &table.lanes)
            .finish()
    }
}

#[cfg(test)]
mod tests;
