//! Trying it out, or meaning it.

use super::parse::word;
use super::reader::{Noted, Reader};

/// What the server is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// On a developer's machine: whatever is missing is made up, mail is shown on a page.
    Development,
    /// For real people: whatever is missing or weak is refused at start.
    Production,
}

impl Profile {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        const WORDS: &[(&str, Profile)] = &[
            ("development", Profile::Development),
            ("production", Profile::Production),
        ];
        reader.value("profile", word(WORDS))
    }

    /// Whether real people depend on it.
    #[must_use]
    pub fn is_production(self) -> bool {
        self == Self::Production
    }
}
