//! Theme, language, time zone and notifications.

mod language;
mod time_zone;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub use language::{Language, UnknownLanguage};
pub use time_zone::{InvalidTimeZone, TimeZone};

/// How the dashboard looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the device is set.
    #[default]
    System,
}

/// A word that names no theme.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Theme must be light, dark, or system")]
pub struct UnknownTheme;

impl Theme {
    /// The word rows and the wire use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }
}

impl FromStr for Theme {
    type Err = UnknownTheme;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Light, Self::Dark, Self::System]
            .into_iter()
            .find(|theme| theme.as_str() == word)
            .ok_or(UnknownTheme)
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a person has chosen, complete: whoever has chosen nothing has the [defaults](Preferences::default).
///
/// The defaults are private ones (nothing is pushed, nothing is marketed) and differ on purpose from the column defaults
/// of `user_preferences`, which nobody relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent switches of one form")]
pub struct Preferences {
    /// How the dashboard looks.
    pub theme: Theme,
    /// The language of pages and mails.
    pub language: Language,
    /// The zone times are shown in.
    pub timezone: TimeZone,
    /// Mails about activity. Security mails are sent regardless.
    pub email_notifications: bool,
    /// Push notifications.
    pub push_notifications: bool,
    /// A weekly summary by mail.
    pub weekly_reports: bool,
    /// Marketing by mail: only ever by an explicit choice.
    pub marketing_emails: bool,
}

impl Preferences {
    /// A whole row for somebody new, but only if they chose something: reading an account without one gives the same defaults.
    #[must_use]
    pub fn chosen(language: Option<Language>, timezone: Option<TimeZone>) -> Option<Self> {
        if language.is_none() && timezone.is_none() {
            return None;
        }
        let defaults = Self::default();
        Some(Self {
            language: language.unwrap_or(defaults.language),
            timezone: timezone.unwrap_or(defaults.timezone),
            ..defaults
        })
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::default(),
            timezone: TimeZone::default(),
            email_notifications: true,
            push_notifications: false,
            weekly_reports: false,
            marketing_emails: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whoever_has_chosen_nothing_is_left_in_peace() {
        let defaults = Preferences::default();
        assert_eq!(
            (defaults.theme, defaults.language.as_str(), defaults.timezone.as_str()),
            (Theme::System, "en", "UTC")
        );
        assert!(defaults.email_notifications);
        assert!(!defaults.push_notifications && !defaults.weekly_reports && !defaults.marketing_emails);
    }

    proptest! {
        #[test]
        fn only_the_three_themes_parse_and_print_back(word in "(light|dark|system|Light|[a-z]{0,8})") {
            match word.parse::<Theme>() {
                Ok(theme) => prop_assert_eq!(theme.to_string(), word),
                Err(_) => prop_assert!(!["light", "dark", "system"].contains(&word.as_str())),
            }
        }
    }
}
