//! What somebody agreed to, in which version, and when.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::Timestamp;
use crate::audit::Channel;
use crate::id::ConsentId;
use crate::preferences::Language;

/// What one can agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentSubject {
    /// The terms of service.
    Terms,
    /// The privacy policy.
    Privacy,
    /// Marketing by mail.
    Marketing,
}

impl ConsentSubject {
    /// Everything one can agree to.
    pub const ALL: [Self; 3] = [Self::Terms, Self::Privacy, Self::Marketing];
    /// The documents among them, which an account needs.
    pub const DOCUMENTS: [Self; 2] = [Self::Terms, Self::Privacy];

    /// The word of rows and wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
            Self::Marketing => "marketing",
        }
    }

    /// The meaning of a row's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// The version of a text people agree to, as its publisher counts: `2026-11`, `3.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsentVersion(String);

/// No version.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("must be 1 to 40 letters, digits, dots, hyphens or underscores")]
pub struct InvalidConsentVersion;

impl ConsentVersion {
    /// Most characters of a version.
    pub const MAX_CHARS: usize = 40;

    /// The text of it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The wording beside the switch for marketing mails, [which a test holds to](Self::marketing).
    const MARKETING: &'static str = "2026-11";

    /// The version of what our pages say beside the switch for marketing mails. Whoever changes those words changes this.
    #[must_use]
    pub fn marketing() -> Self {
        Self(Self::MARKETING.to_owned())
    }
}

impl FromStr for ConsentVersion {
    type Err = InvalidConsentVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if (1..=Self::MAX_CHARS).contains(&text.len()) && text.bytes().all(is_known) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidConsentVersion)
        }
    }
}

impl fmt::Display for ConsentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an installation asks everybody to agree to. A document that has no version asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    /// The terms of service as they are now.
    pub terms: Option<ConsentVersion>,
    /// The privacy policy as it is now.
    pub privacy: Option<ConsentVersion>,
}

impl Documents {
    /// Whether nobody is asked for anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_none() && self.privacy.is_none()
    }

    /// The version a document has now; marketing is no document.
    #[must_use]
    pub const fn current(&self, subject: ConsentSubject) -> Option<&ConsentVersion> {
        match subject {
            ConsentSubject::Terms => self.terms.as_ref(),
            ConsentSubject::Privacy => self.privacy.as_ref(),
            ConsentSubject::Marketing => None,
        }
    }

    /// The documents to be agreed to by whoever last decided so on each.
    #[must_use]
    pub fn due(&self, latest: &[Consent]) -> Vec<ConsentSubject> {
        let is_due = |subject: &ConsentSubject| {
            let Some(current) = self.current(*subject) else {
                return false;
            };
            !latest
                .iter()
                .any(|consent| consent.subject == *subject && consent.given && consent.version == *current)
        };
        ConsentSubject::DOCUMENTS.into_iter().filter(is_due).collect()
    }
}

/// Somebody agreed to something, or took that back. Never changed, only followed by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its name.
    pub id: ConsentId,
    /// What to.
    pub subject: ConsentSubject,
    /// In which version.
    pub version: ConsentVersion,
    /// Whether they agreed, or took it back.
    pub given: bool,
    /// By which door.
    pub channel: Channel,
    /// The language they were spoken to in.
    pub language: Language,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> ConsentVersion {
        text.parse().unwrap()
    }

    fn given(subject: ConsentSubject, text: &str) -> Consent {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        Consent {
            id: ConsentId::new(at, &[1; 10]),
            subject,
            version: version(text),
            given: true,
            channel: Channel::Api,
            language: Language::default(),
            at,
        }
    }

    #[test]
    fn a_version_is_a_short_plain_word() {
        for text in ["1", "2026-11", "v3.1_b", &"x".repeat(40)] {
            assert_eq!(version(text).as_str(), text);
        }
        for text in ["", " 1", "a b", "<b>", "é", &"x".repeat(41)] {
            assert_eq!(text.parse::<ConsentVersion>(), Err(InvalidConsentVersion), "{text:?}");
        }
    }

    #[test]
    fn what_has_a_version_is_due_until_exactly_that_one_is_agreed_to() {
        use ConsentSubject::{Privacy, Terms};
        let documents = Documents {
            terms: Some(version("2")),
            privacy: Some(version("1")),
        };
        assert_eq!(documents.due(&[]), [Terms, Privacy]);
        assert_eq!(documents.due(&[given(Terms, "1"), given(Privacy, "1")]), [Terms]);
        assert_eq!(documents.due(&[given(Terms, "2"), given(Privacy, "1")]), []);
        let taken_back = Consent {
            given: false,
            ..given(Terms, "2")
        };
        assert_eq!(documents.due(&[taken_back, given(Privacy, "1")]), [Terms]);
        assert_eq!(Documents::default().due(&[]), []);
    }

    #[test]
    fn every_subject_has_a_word_of_its_own_that_reads_back() {
        for subject in ConsentSubject::ALL {
            assert_eq!(ConsentSubject::from_word(subject.as_str()), Some(subject));
        }
        assert_eq!(ConsentSubject::from_word("cookies"), None);
    }

    #[test]
    fn the_version_of_our_own_words_is_one() {
        assert_eq!(ConsentVersion::MARKETING.parse(), Ok(ConsentVersion::marketing()));
    }
}
