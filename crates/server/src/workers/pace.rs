//! How long a worker waits.

use std::time::Duration;

/// First pause after a failure.
const FIRST: Duration = Duration::from_millis(500);
/// Longest pause after failures: the database is back, the worker is back 5 s later at most.
const LONGEST: Duration = Duration::from_secs(5);

/// The pause after so many failures in a row: doubling from 0.5 s up to 5 s, of which chance (0 to 1) takes away up to a
/// half, so that the nodes do not all come back at once.
pub(super) fn back_off(failures: u32, chance: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
    doubled.min(LONGEST).mul_f64(1.0 - 0.5 * chance.clamp(0.0, 1.0))
}

/// About that long: a tenth less up to a tenth more, as chance (0 to 1) has it.
pub(super) fn about(pause: Duration, chance: f64) -> Duration {
    pause.mul_f64(0.9 + 0.2 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_double_the_pause_up_to_five_seconds() {
        let pauses: Vec<u128> = (1..6).map(|failures| back_off(failures, 0.0).as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 5_000]);
        assert_eq!(back_off(u32::MAX, 0.0), LONGEST);
        assert_eq!(back_off(1, 1.0), FIRST / 2);
    }

    #[test]
    fn about_stays_within_a_tenth() {
        let hour = Duration::from_hours(1);
        assert_eq!(about(hour, 0.0), Duration::from_mins(54));
        assert_eq!(about(hour, 0.5), hour);
        assert_eq!(about(hour, 1.0), Duration::from_mins(66));
    }
}
