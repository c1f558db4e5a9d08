//! Waiting, never for ever.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(25);

/// Asks again and again until there is an answer; `None` when the time is up.
pub(crate) fn within<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if begun.elapsed() > patience {
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Asks again and again until there is an answer.
///
/// # Panics
/// When the time is up: `what` did not come about.
pub(crate) fn eventually<T>(patience: Duration, what: &str, ask: impl FnMut() -> Option<T>) -> T {
    within(patience, ask).unwrap_or_else(|| panic!("{what}: not within {patience:?}"))
}

/// Any number below `end`, another one each time.
pub(crate) fn any_below(end: u64) -> u64 {
    RandomState::new().hash_one(0) % end
}
