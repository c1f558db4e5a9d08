//! Answers whose time must tell nothing leave on a beat.
//!
//! Whether an address has an account costs the same statements, hashes and rows either way, and still not quite the same
//! time: a row that is found is read, and one that refers to somebody is longer. What is left are tenths of a millisecond,
//! which enough patience can see. So such an answer waits for the next beat after its request was understood: whatever took
//! less than a beat takes a beat, and what takes longer shows only how many.

use std::future::Future;
use std::time::Duration;

use actix_web::rt::time::{Instant, sleep_until};

/// From beat to beat. Longer than a password's hash and the statements around it take on an idle machine, so that all
/// answers leave on the first; short enough that nobody minds.
pub const BEAT: Duration = Duration::from_millis(50);

/// The beat of a door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beat(Duration);

impl Beat {
    /// A beat this long; none when it is zero.
    pub(crate) const fn every(beat: Duration) -> Self {
        Self(beat)
    }

    /// What `work` answers, on a beat.
    pub(crate) async fn of<T>(self, work: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let answer = work.await;
        self.next_after(began).await;
        answer
    }

    /// What `work` answers: at once when it succeeds, on a beat when it refuses.
    pub(crate) async fn of_refusals<T, E>(self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let began = Instant::now();
        let answer = work.await;
        if answer.is_err() {
            self.next_after(began).await;
        }
        answer
    }

    async fn next_after(self, began: Instant) {
        if !self.0.is_zero() {
            let whole = began.elapsed().as_nanos() / self.0.as_nanos();
            let beats = u32::try_from(whole).unwrap_or(u32::MAX).saturating_add(1);
            sleep_until(began + self.0.saturating_mul(beats)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use actix_web::rt::time::sleep;

    use super::*;

    const LONG: Beat = Beat::every(Duration::from_millis(50));

    async fn taken(work: impl Future<Output = ()>) -> u128 {
        let began = Instant::now();
        work.await;
        began.elapsed().as_millis()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_leaves_on_the_first_beat_after_the_work() {
        for (work, leaves) in [(0, 50), (1, 50), (49, 50), (50, 100), (51, 100), (120, 150)] {
            let took = taken(LONG.of(sleep(Duration::from_millis(work)))).await;
            assert_eq!(took, leaves, "{work} ms of work");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn only_refusals_wait_where_only_refusals_must_tell_nothing() {
        let granted = async { LONG.of_refusals(ready(Ok::<_, ()>(1))).await.unwrap_or_default() };
        assert_eq!(taken(async { assert_eq!(granted.await, 1) }).await, 0);
        let refused = async { LONG.of_refusals(ready(Err::<(), _>("no"))).await };
        assert_eq!(taken(async { assert_eq!(refused.await, Err("no")) }).await, 50);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_beat_nothing_waits() {
        assert_eq!(taken(Beat::every(Duration::ZERO).of(ready(()))).await, 0);
    }
}
