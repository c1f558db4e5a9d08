//! How somebody reads what is written to them.

use rookery_domain::{Language, Preferences, TimeZone};

/// The language a letter is written in, and the zone its times are told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The language.
    pub language: Language,
    /// The zone.
    pub time_zone: TimeZone,
}

impl Reader {
    /// By what a row or an old letter tells. What tells nothing, or nothing known, leaves the default: a letter in English is
    /// better than none, and a person whose row says `xx` must still get to sign in.
    #[must_use]
    pub fn told(language: Option<&str>, time_zone: Option<&str>) -> Self {
        Self {
            language: language.and_then(|code| code.parse().ok()).unwrap_or_default(),
            time_zone: time_zone.and_then(|name| name.parse().ok()).unwrap_or_default(),
        }
    }
}

impl From<&Preferences> for Reader {
    fn from(preferences: &Preferences) -> Self {
        Self {
            language: preferences.language,
            time_zone: preferences.timezone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_told_nothing_known_reads_english_in_utc() {
        for (language, time_zone) in [
            (None, None),
            (Some("xx"), Some("Mars/Phobos")),
            (Some("en-US"), Some("")),
            (Some(""), None),
        ] {
            assert_eq!(Reader::told(language, time_zone), Reader::default());
        }
    }

    #[test]
    fn what_is_told_counts_each_by_itself() {
        let reader = Reader::told(Some("es"), Some("nowhere"));
        assert_eq!((reader.language.as_str(), reader.time_zone.as_str()), ("es", "UTC"));
        let reader = Reader::told(None, Some("Europe/Madrid"));
        assert_eq!(
            (reader.language.as_str(), reader.time_zone.as_str()),
            ("en", "Europe/Madrid")
        );
    }
}
