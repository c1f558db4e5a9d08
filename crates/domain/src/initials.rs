//! What stands in for a picture: one or two letters of a name, in any script.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::email::EmailAddress;

/// Most Unicode scalar values of one letter: enough for every syllable that is written as one, and too few for a tower of
/// accents that would cover the page.
const LETTER: usize = 8;

/// Up to two letters in upper case, where the script has cases. A letter is what a reader takes for one: it keeps its
/// accents and is never cut in two. Empty when nothing in name or address is a letter or digit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Initials(String);

impl Initials {
    /// Of the first and the last word of the name; without a usable name, of the address before its `@`, whose words may
    /// be parted by punctuation.
    #[must_use]
    pub fn of(name: Option<&str>, email: &EmailAddress) -> Self {
        let of_name = name.map(|name| Self::of_words(name.split_whitespace()));
        of_name
            .filter(|initials| !initials.is_empty())
            .unwrap_or_else(|| Self::of_words(email.local_part().split(['.', '-', '_', '+'])))
    }

    fn of_words<'a>(words: impl DoubleEndedIterator<Item = &'a str>) -> Self {
        let mut letters = words.filter_map(first_letter);
        let first = letters.next();
        let last = letters.next_back();
        Self(first.into_iter().chain(last).collect())
    }

    /// The letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Initials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first character of a word that is a letter or digit, in upper case. What becomes several in upper case, as `ß` does,
/// is the first of them.
fn first_letter(word: &str) -> Option<String> {
    let composed: String = word.nfc().collect();
    let letter = composed
        .graphemes(true)
        .find(|grapheme| grapheme.starts_with(char::is_alphanumeric))?;
    let upper: String = letter.to_uppercase().nfc().collect();
    let first = upper.graphemes(true).next()?;
    Some(first.chars().take(LETTER).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn email(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn of(name: &str) -> String {
        Initials::of(Some(name), &email("zed@example.com")).to_string()
    }

    #[test]
    fn the_first_and_the_last_word_give_a_letter_each() {
        for (name, initials) in [
            ("Ada Lovelace", "AL"),
            ("ada", "A"),
            ("Ludwig van  Beethoven", "LB"),
            ("  (Ada)  \"Countess\" ", "AC"),
            ("O'Neil", "O"),
            ("🦊 Fox", "F"),
            ("ßeta ŉow", "Sʼ"),
            ("3 Musketeers", "3M"),
        ] {
            assert_eq!(of(name), initials, "{name:?}");
        }
    }

    #[test]
    fn letters_of_every_script_stay_whole() {
        for (name, initials) in [
            ("e\u{301}mile zola", "ÉZ"),
            ("Ελένη Παππά", "ΕΠ"),
            ("юлия", "Ю"),
            ("山田 太郎", "山太"),
            ("محمد علي", "مع"),
            ("क्षितिज", "क्षि"),
            ("ǆordan", "Ǆ"),
        ] {
            assert_eq!(of(name), initials, "{name:?}");
        }
    }

    #[test]
    fn without_a_name_the_address_gives_them() {
        for (address, initials) in [
            ("ada.king@example.com", "AK"),
            ("ada_mary-king+news@example.com", "AN"),
            ("ada@example.com", "A"),
            ("!@example.com", ""),
        ] {
            for name in [None, Some(""), Some(" 🦊 … ")] {
                assert_eq!(Initials::of(name, &email(address)).as_str(), initials, "{address}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_name_gives_two_short_letters_at_most(name in any::<String>()) {
            let initials = Initials::of(Some(&name), &email("ada@example.com"));
            prop_assert!(!initials.is_empty());
            prop_assert!(initials.as_str().chars().count() <= 2 * LETTER);
            prop_assert!(!initials.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
        }

        #[test]
        fn names_of_plain_letters_give_exactly_their_capitals(first in "[a-z]{1,20}", last in "[a-z]{1,20}") {
            let expected = format!("{}{}", &first[..1], &last[..1]).to_uppercase();
            prop_assert_eq!(of(&format!("{first} {last}")), expected);
        }

        #[test]
        fn accents_heaped_on_a_letter_are_cut(accents in "[\u{300}-\u{36f}]{0,250}") {
            let initials = of(&format!("a{accents}"));
            prop_assert!(initials.chars().count() <= LETTER);
        }
    }
}
