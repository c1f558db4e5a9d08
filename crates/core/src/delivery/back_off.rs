//! When to try again.

use chrono::Duration;

/// First pause.
const FIRST: Duration = Duration::seconds(5);
/// Longest pause.
const LONGEST: Duration = Duration::hours(1);

/// The pause after so many failures: doubling from 5 s up to 1 h, of which chance takes away up to a half, so that mails
/// which failed together do not come back together. `chance` is between 0 and 1.
pub(crate) fn pause(failures: u32, chance: f64) -> Duration {
    let doubled = FIRST * 2_i32.pow(failures.saturating_sub(1).min(20));
    let full = doubled.min(LONGEST);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds of at most an hour"
    )]
    let taken = (full.num_milliseconds() as f64 * 0.5 * chance.clamp(0.0, 1.0)) as i64;
    full - Duration::milliseconds(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        assert_eq!(pause(1, 0.0), Duration::seconds(5));
        assert_eq!(pause(2, 0.0), Duration::seconds(10));
        assert_eq!(pause(4, 0.0), Duration::seconds(40));
        assert_eq!(pause(40, 0.0), LONGEST);
    }

    #[test]
    fn chance_takes_at_most_half() {
        for failures in 1..40 {
            let full = pause(failures, 0.0);
            assert_eq!(pause(failures, 1.0), full / 2);
            assert!(pause(failures, 0.3) < full && pause(failures, 0.3) > full / 2);
        }
    }
}
