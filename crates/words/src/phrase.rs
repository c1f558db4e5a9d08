//! One text with places to fill.

use std::collections::BTreeSet;

use thiserror::Error;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// The place of the argument with this name.
    Argument(String),
}

/// One text, parsed: words, and places that arguments fill. It is one paragraph: every line break, and every row of spaces,
/// is one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase(Vec<Piece>);

/// Why a text cannot be used.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PhraseFault {
    /// Nothing is left after trimming.
    #[error("is empty")]
    Empty,
    /// A `{` without a `}` after it, or a `}` without a `{` before it.
    #[error("has a brace without its other half; a brace that is meant is written twice")]
    Unpaired,
    /// Between braces stands something other than lower-case letters, digits and underscores.
    #[error("has braces around something other than a name of a-z, 0-9 and _")]
    Misnamed,
    /// Angle brackets or a character reference. Pages escape what they say, so it would be shown as it is.
    #[error("holds markup; texts are plain")]
    Markup,
    /// A control character, or a mark that reorders text.
    #[error("holds an invisible control character")]
    Control,
}

impl Phrase {
    pub(crate) fn parse(text: &str) -> Result<Self, PhraseFault> {
        let text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(PhraseFault::Empty);
        }
        if text.chars().any(|c| c.is_control() || reorders(c)) {
            return Err(PhraseFault::Control);
        }
        if text.contains(['<', '>']) || holds_reference(&text) {
            return Err(PhraseFault::Markup);
        }
        Ok(Self(pieces(&text)?))
    }

    /// Its pieces, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The names of the places to fill.
    pub(crate) fn arguments(&self) -> BTreeSet<&str> {
        self.0
            .iter()
            .filter_map(|piece| match piece {
                Piece::Argument(name) => Some(name.as_str()),
                Piece::Text(_) => None,
            })
            .collect()
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, PhraseFault> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        words.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            words.push_str(brace);
            rest = after;
        } else if brace == "{" {
            let (name, after) = rest.split_once('}').ok_or(PhraseFault::Unpaired)?;
            if !is_name(name) {
                return Err(PhraseFault::Misnamed);
            }
            if !words.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut words)));
            }
            pieces.push(Piece::Argument(name.to_owned()));
            rest = after;
        } else {
            return Err(PhraseFault::Unpaired);
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        pieces.push(Piece::Text(words));
    }
    Ok(pieces)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX 9).
const fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether HTML would read a character reference in it, such as `&amp;` or `&#39;`.
fn holds_reference(text: &str) -> bool {
    text.split('&').skip(1).any(|after| {
        after
            .split_once(';')
            .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_words_and_places_to_fill() {
        let phrase = Phrase::parse("Hello {name}, {{sic}}:\n   {count}").unwrap();
        assert_eq!(
            phrase.pieces(),
            [
                Piece::Text("Hello ".to_owned()),
                Piece::Argument("name".to_owned()),
                Piece::Text(", {sic}: ".to_owned()),
                Piece::Argument("count".to_owned()),
            ]
        );
        assert_eq!(phrase.arguments(), BTreeSet::from(["count", "name"]));
    }

    #[test]
    fn what_no_page_could_show_is_refused() {
        for (text, fault) in [
            (" \n ", PhraseFault::Empty),
            ("Hello {name", PhraseFault::Unpaired),
            ("Hello name}", PhraseFault::Unpaired),
            ("Hello {}", PhraseFault::Misnamed),
            ("Hello {Name}", PhraseFault::Misnamed),
            ("Hello { name }", PhraseFault::Misnamed),
            ("Hello <b>{name}</b>", PhraseFault::Markup),
            ("You &amp; me", PhraseFault::Markup),
            ("It&#39;s", PhraseFault::Markup),
            ("Hello\u{202e}", PhraseFault::Control),
            ("Hello\u{7f}", PhraseFault::Control),
        ] {
            assert_eq!(Phrase::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn an_ampersand_among_words_is_no_markup() {
        for text in ["You & me; and others", "AT&T", "a && b;"] {
            assert!(Phrase::parse(text).is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_parsed_nothing_breaks(text in any::<String>()) {
            let _ = Phrase::parse(&text);
        }

        #[test]
        fn words_without_braces_are_said_as_they_are(text in "[a-zA-Zñáé¿?.,]{1,20}( [a-zA-Zñáé¿?.,]{1,20}){0,4}") {
            let phrase = Phrase::parse(&text).unwrap();
            prop_assert_eq!(phrase.pieces(), [Piece::Text(text)]);
        }
    }
}
