//! The zone times are shown in.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use crate::Timestamp;

/// A zone of the IANA time zone database, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

/// Why a text names no zone. The message is meant for the person who chose it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidTimeZone {
    /// Nothing is left after trimming.
    #[error("Timezone cannot be empty")]
    Empty,
    /// The database knows no such zone. Names are matched as they are spelled there.
    #[error("Timezone must be a valid IANA time zone")]
    Unknown,
}

impl TimeZone {
    /// Every zone there is, by its name and in that order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// The zone's name, such as `Europe/Madrid`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.name()
    }

    /// A moment as clocks in this zone show it, daylight saving time and history included.
    #[must_use]
    pub fn local(self, at: Timestamp) -> DateTime<FixedOffset> {
        at.with_timezone(&self.0).fixed_offset()
    }

    /// When a day begins in this zone: at midnight, or where clocks skip midnight that day, when they go on.
    #[must_use]
    pub fn beginning_of(self, day: NaiveDate) -> Option<Timestamp> {
        (0..24)
            .filter_map(|hour| day.and_hms_opt(hour, 0, 0))
            .find_map(|local| self.0.from_local_datetime(&local).earliest())
            .map(|begin| begin.with_timezone(&Utc))
    }
}

/// UTC, as the dashboard assumes.
impl Default for TimeZone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl FromStr for TimeZone {
    type Err = InvalidTimeZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.trim() {
            "" => Err(InvalidTimeZone::Empty),
            name => name.parse().map(Self).map_err(|_| InvalidTimeZone::Unknown),
        }
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_of_the_database_parses_and_prints_back() {
        for zone in chrono_tz::TZ_VARIANTS {
            assert_eq!(zone.name().parse::<TimeZone>().unwrap().to_string(), zone.name());
        }
    }

    #[test]
    fn clocks_are_read_as_they_stand_in_summer_and_in_winter() {
        let madrid: TimeZone = "Europe/Madrid".parse().unwrap();
        for (utc, local) in [
            ("2025-07-01T12:00:00Z", "2025-07-01T14:00:00+02:00"),
            ("2025-12-01T12:00:00Z", "2025-12-01T13:00:00+01:00"),
        ] {
            assert_eq!(madrid.local(utc.parse().unwrap()).to_rfc3339(), local);
        }
    }

    #[test]
    fn a_day_begins_at_midnight_or_when_clocks_go_on() {
        for (zone, day, begin) in [
            ("UTC", "2025-10-27", "2025-10-27T00:00:00Z"),
            ("Europe/Madrid", "2025-07-01", "2025-06-30T22:00:00Z"),
            // There is no midnight on this day.
            ("America/Asuncion", "2023-10-01", "2023-10-01T04:00:00Z"),
            // There are two.
            ("America/Havana", "2023-11-05", "2023-11-05T04:00:00Z"),
        ] {
            let zone: TimeZone = zone.parse().unwrap();
            let begin: DateTime<Utc> = begin.parse().unwrap();
            assert_eq!(zone.beginning_of(day.parse().unwrap()), Some(begin), "{zone} {day}");
        }
        assert_eq!(
            TimeZone::default()
                .beginning_of(NaiveDate::MAX)
                .map(|at| at.timestamp() > 0),
            Some(true)
        );
    }

    #[test]
    fn what_is_no_zone_is_refused_with_a_reason() {
        assert_eq!(
            " ".parse::<TimeZone>().unwrap_err().to_string(),
            "Timezone cannot be empty"
        );
        for text in [
            "Mars/Phobos",
            "europe/madrid",
            "+02:00",
            "UTC\0",
            "Europe/Madrid; DROP TABLE users",
        ] {
            assert_eq!(text.parse::<TimeZone>(), Err(InvalidTimeZone::Unknown), "{text}");
        }
    }
}
