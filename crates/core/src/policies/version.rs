//! Which policy somebody has seen.

use std::fmt;

use chrono::DateTime;
use rookery_domain::Timestamp;

/// Names what a tenant has written down, so that a change can say which policy it was meant for: the moment of its last
/// change, for no two have the same; or that there is nothing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyVersion(Option<Timestamp>);

impl PolicyVersion {
    /// The version last changed then; `None` where there is nothing yet.
    #[must_use]
    pub const fn of(changed: Option<Timestamp>) -> Self {
        Self(changed)
    }

    /// Reads what [`Display`](fmt::Display) wrote; `None` for everything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let micros: i64 = text.parse().ok()?;
        let version = match micros {
            0 => Self(None),
            _ => Self(Some(DateTime::from_timestamp_micros(micros)?)),
        };
        // One version has one spelling.
        (version.to_string() == text).then_some(version)
    }
}

/// Microseconds since 1970, or 0.
impl fmt::Display for PolicyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.map_or(0, |changed| changed.timestamp_micros()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_reads_back_and_has_one_spelling() {
        let changed = DateTime::from_timestamp_micros(1_761_566_400_000_001);
        for version in [PolicyVersion::of(None), PolicyVersion::of(changed)] {
            assert_eq!(PolicyVersion::parse(&version.to_string()), Some(version));
        }
        for text in ["", "00", "+1", " 1", "1.0", "x", "-0", "9223372036854775807"] {
            assert_eq!(PolicyVersion::parse(text), None, "{text}");
        }
    }
}
