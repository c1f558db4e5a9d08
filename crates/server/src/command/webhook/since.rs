//! Since when: a moment, or so long ago.

use std::str::FromStr;

use chrono::{DateTime, Duration};
use rookery_core::ports::Clock;
use rookery_domain::Timestamp;

use crate::clock::SystemClock;

/// So many of a unit of time, unless that is more than a time can be.
type Unit = fn(i64) -> Option<Duration>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    At(Timestamp),
    Ago(Duration),
}

impl Since {
    pub(super) fn moment(self) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Ago(ago) => SystemClock.now() - ago,
        }
    }
}

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::At(moment.to_utc()));
        }
        let units: [(&str, Unit); 4] = [
            ("d", Duration::try_days),
            ("h", Duration::try_hours),
            ("m", Duration::try_minutes),
            ("s", Duration::try_seconds),
        ];
        units
            .into_iter()
            .find_map(|(unit, of)| Some((text.strip_suffix(unit)?, of)))
            .filter(|(digits, _)| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|(digits, of)| of(digits.parse().ok()?))
            // Longer ago than anything can have happened, and within what a date can be.
            .filter(|ago| ago.num_days() < 36_500)
            .map(Self::Ago)
            .ok_or("a time such as 2025-10-27T12:00:00Z, or so long ago such as 30m, 2h or 7d")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_moment_or_so_long_ago() {
        assert_eq!("2h".parse(), Ok(Since::Ago(Duration::hours(2))));
        assert_eq!("7d".parse(), Ok(Since::Ago(Duration::days(7))));
        let moment = Timestamp::from_timestamp(1_761_566_400, 0).unwrap();
        assert_eq!("2025-10-27T12:00:00Z".parse(), Ok(Since::At(moment)));
        assert_eq!("2025-10-27T13:00:00+01:00".parse(), Ok(Since::At(moment)));
        for nonsense in [
            "",
            "h",
            "2",
            "2 h",
            "-2h",
            "yesterday",
            "2025-10-27",
            "99999999999d",
            "40000d",
        ] {
            assert!(nonsense.parse::<Since>().is_err(), "{nonsense}");
        }
    }
}
