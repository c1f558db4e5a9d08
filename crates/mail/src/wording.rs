//! Times in words.

use rookery_domain::Timestamp;

/// A moment as a person in any country reads it: `27 October 2025 at 12:00 UTC`.
pub(crate) fn moment(at: Timestamp) -> String {
    at.format("%-d %B %Y at %H:%M UTC").to_string()
}

/// A span as people say it: `24 hours`, `1 hour`, `20 minutes`, `3 days`. Rounded down to whole units, since a link that
/// ends before its mail says so is worse than one that ends after.
pub(crate) fn span(from: Timestamp, to: Timestamp) -> String {
    let minutes = (to - from).num_minutes().max(0);
    match minutes {
        ..60 => counted(minutes, "minute"),
        60..2880 => counted(minutes / 60, "hour"),
        _ => counted(minutes / 1440, "day"),
    }
}

fn counted(number: i64, unit: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_761_566_400 + seconds, 0).unwrap()
    }

    #[test]
    fn moments_are_told_in_words_and_in_utc() {
        assert_eq!(moment(at(0)), "27 October 2025 at 12:00 UTC");
        assert_eq!(moment(at(5 * 86_400 - 35_999)), "1 November 2025 at 02:00 UTC");
    }

    #[test]
    fn spans_are_told_in_the_unit_people_would_use_and_never_too_long() {
        for (seconds, words) in [
            (-5, "0 minutes"),
            (59, "0 minutes"),
            (60, "1 minute"),
            (1200, "20 minutes"),
            (3599, "59 minutes"),
            (3600, "1 hour"),
            (86_400, "24 hours"),
            (86_399, "23 hours"),
            (2 * 86_400, "2 days"),
            (7 * 86_400, "7 days"),
        ] {
            assert_eq!(span(at(0), at(seconds)), words);
        }
    }
}
