//! When to try again, and when to stop trying.

use chrono::Duration;

/// The pauses between the ten attempts, as Standard Webhooks recommend them: three days and a few hours in all.
const PAUSES: [Duration; 9] = [
    Duration::seconds(5),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(20),
    Duration::hours(24),
];

/// So many failures in a row and a webhook is given some rest.
const PATIENCE: u32 = 3;
/// Its first rest.
const FIRST_REST: Duration = Duration::seconds(10);
/// Its longest rest: one that works again is noticed within that.
const LONGEST_REST: Duration = Duration::minutes(5);

/// A webhook that took nothing for so long is disabled.
pub(super) const GIVEN_UP_AFTER: Duration = Duration::days(5);

/// The pause after so many failed attempts of a message, of which chance (0 to 1) makes up to a tenth more, so that
/// messages which failed together do not come back together; `None` when it was the last.
pub(super) fn pause(failed: u32, chance: f64) -> Option<Duration> {
    let position = usize::try_from(failed.saturating_sub(1)).ok()?;
    PAUSES.get(position).map(|pause| lengthened(*pause, chance))
}

/// How long a webhook rests after so many failures in a row: each keeps a few of this node's few sendings waiting.
pub(super) fn rest(failures: u32, chance: f64) -> Option<Duration> {
    let doublings = failures.checked_sub(PATIENCE)?.min(10);
    let rest = FIRST_REST * 2_i32.pow(doublings);
    Some(lengthened(rest.min(LONGEST_REST), chance))
}

fn lengthened(pause: Duration, chance: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds of at most a day"
    )]
    let more = (pause.num_milliseconds() as f64 * 0.1 * chance.clamp(0.0, 1.0)) as i64;
    pause + Duration::milliseconds(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_take_about_three_days_and_the_tenth_is_the_last() {
        let pauses: Vec<Duration> = (1..).map_while(|failed| pause(failed, 0.0)).collect();
        assert_eq!(pauses.len(), 9);
        let all: Duration = pauses.iter().sum();
        assert_eq!(all, Duration::hours(75) + Duration::minutes(35) + Duration::seconds(5));
        assert!(pauses.is_sorted());
        assert_eq!(pause(u32::MAX, 0.0), None);
    }

    #[test]
    fn chance_adds_at_most_a_tenth() {
        assert_eq!(pause(3, 1.0), Some(Duration::minutes(33)));
        assert_eq!(pause(3, 0.5), Some(Duration::seconds(31 * 60 + 30)));
    }

    #[test]
    fn a_webhook_rests_from_the_third_failure_on_and_never_longer_than_five_minutes() {
        assert_eq!(rest(2, 0.0), None);
        assert_eq!(rest(3, 0.0), Some(Duration::seconds(10)));
        assert_eq!(rest(5, 0.0), Some(Duration::seconds(40)));
        assert_eq!(rest(u32::MAX, 0.0), Some(LONGEST_REST));
    }
}
