//! How somebody is asked to join a tenant, and what became of it.

use std::fmt;

use thiserror::Error;

use crate::link::could_become_a_link;

/// A few words of whoever invites, in plain text: on as many lines as they like, without control characters and without
/// anything that a mail program would make a link of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationNote(String);

/// Why a text is no note.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidNote {
    /// More than [`InvitationNote::MAX_CHARS`].
    #[error("Note must be at most {} characters", InvitationNote::MAX_CHARS)]
    TooLong,
    /// Control characters, or such as reorder text.
    #[error("Note contains characters that are not allowed")]
    Forbidden,
    /// Something that leads somewhere: the mail goes to people who have not asked for it.
    #[error("Note must not contain links or addresses")]
    Link,
}

impl InvitationNote {
    /// The longest note, in characters.
    pub const MAX_CHARS: usize = 500;

    /// Reads a note; `None` where nothing but blanks is written.
    ///
    /// # Errors
    /// [`InvalidNote`]
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidNote> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            Ok(None)
        } else if text.chars().count() > Self::MAX_CHARS {
            Err(InvalidNote::TooLong)
        } else if text.chars().any(is_forbidden) {
            Err(InvalidNote::Forbidden)
        } else if could_become_a_link(text) {
            Err(InvalidNote::Link)
        } else {
            Ok(Some(Self(text.to_owned())))
        }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InvitationNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a name may not hold either, but for the end of a line.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

macro_rules! states {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// What became of an invitation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum InvitationState {
            $($(#[$doc])* $variant,)+
        }

        impl InvitationState {
            /// Every state there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word, in rows and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The meaning of a word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

states! {
    /// Its link works.
    Pending = "pending",
    /// Nobody has followed its link in time.
    Expired = "expired",
    /// Whoever invited may not give these roles any more, or has left: its link does not work until it is mailed again by
    /// somebody who may.
    Void = "void",
    /// Whoever was invited has joined.
    Accepted = "accepted",
    /// Whoever was invited does not want to.
    Declined = "declined",
    /// It was taken back.
    Revoked = "revoked",
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_note_keeps_its_lines_and_nothing_is_none() {
        let note = InvitationNote::parse(" Come in,\r\nthe water is fine. ")
            .unwrap()
            .unwrap();
        assert_eq!(note.as_str(), "Come in,\nthe water is fine.");
        assert_eq!(InvitationNote::parse(" \r\n "), Ok(None));
    }

    #[test]
    fn a_note_carries_no_links_and_no_tricks() {
        for text in ["go to evil.example", "https://x", "write to eve@evil"] {
            assert_eq!(InvitationNote::parse(text), Err(InvalidNote::Link), "{text}");
        }
        for text in ["a\0b", "a\u{202e}b", "a\tb", "a\rb"] {
            assert_eq!(InvitationNote::parse(text), Err(InvalidNote::Forbidden), "{text:?}");
        }
        assert_eq!(InvitationNote::parse(&"é".repeat(501)), Err(InvalidNote::TooLong));
        assert!(InvitationNote::parse(&"é".repeat(500)).unwrap().is_some());
        assert!(
            InvitationNote::parse("<b>&\"'</b> {{7*7}}").unwrap().is_some(),
            "escaped where it is shown"
        );
    }

    #[test]
    fn every_state_has_a_word_of_its_own_that_reads_back() {
        for &state in InvitationState::ALL {
            assert_eq!(InvitationState::from_word(state.as_str()), Some(state));
        }
        assert_eq!(InvitationState::from_word("lost"), None);
    }

    proptest! {
        #[test]
        fn whatever_parses_prints_back_to_itself(text in any::<String>()) {
            if let Ok(Some(note)) = InvitationNote::parse(&text) {
                prop_assert_eq!(InvitationNote::parse(note.as_str()), Ok(Some(note)));
            }
        }
    }
}
