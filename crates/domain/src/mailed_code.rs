//! A short code beside a mailed link, for whoever reads their mail on another device, or whose link was burnt.

use std::fmt;

use secrecy::zeroize::Zeroize;
use thiserror::Error;

/// Characters of a code.
const LENGTH: usize = 10;
/// Characters before the hyphen.
const GROUP: usize = 5;

/// The randomness of one code: of each byte five bits, 50 in all. So few because somebody types them; they are enough because
/// a handful of tries is all that anybody has.
pub type MailedCodeEntropy = [u8; LENGTH];

/// Crockford's base 32: no I, L, O and U, so that nothing is mistaken for something else when it is read out or copied.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code that may do once what the link beside it may do. Worth something only together with the address it was mailed to.
/// Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct MailedCode([u8; LENGTH]);

/// It is not ten letters and digits of the alphabet.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Code must be 10 letters and digits")]
pub struct InvalidMailedCode;

impl MailedCode {
    /// More bytes than this are no code, however many of them are blanks.
    const MAX_LENGTH: usize = 64;

    /// A new code from the operating system's randomness.
    #[must_use]
    pub fn from_entropy(entropy: MailedCodeEntropy) -> Self {
        Self(entropy.map(|byte| ALPHABET[usize::from(byte % 32)]))
    }

    /// Parses what a person typed. Case, hyphens and white space do not count; `O` is read as `0`, `I` and `L` as `1`.
    ///
    /// # Errors
    /// [`InvalidMailedCode`]
    pub fn parse(text: &str) -> Result<Self, InvalidMailedCode> {
        if text.len() > Self::MAX_LENGTH {
            return Err(InvalidMailedCode);
        }
        let mut code = Self([0; LENGTH]);
        let mut typed = text.chars().filter(|typed| *typed != '-' && !typed.is_whitespace());
        for symbol in &mut code.0 {
            *symbol = typed.next().and_then(symbol_of).ok_or(InvalidMailedCode)?;
        }
        match typed.next() {
            None => Ok(code),
            Some(_) => Err(InvalidMailedCode),
        }
    }

    /// The characters in their one spelling, to be digested.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The text for the mail, `XXXXX-XXXXX`. The only way to see the code.
    #[must_use]
    pub fn expose(&self) -> String {
        let mut text: String = self.0.iter().copied().map(char::from).collect();
        text.insert(GROUP, '-');
        text
    }
}

fn symbol_of(typed: char) -> Option<u8> {
    let meant = match u8::try_from(typed).ok()?.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.contains(&meant).then_some(meant)
}

impl Drop for MailedCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for MailedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailedCode(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_two_groups_of_five() {
        let code = MailedCode::from_entropy([7, 19, 32 + 23, 0, 1, 29, 2, 31, 9, 15]);
        assert_eq!(code.expose(), "7KQ01-X2Z9F");
    }

    #[test]
    fn however_it_is_typed_it_is_the_same_code() {
        let code = MailedCode::parse("7KQ01-X2Z9F").unwrap();
        for typed in [
            "7kq01-x2z9f",
            "7KQ01X2Z9F",
            " 7k q0 1x 2z 9f\n",
            "7KQOI-X2Z9F",
            "7kqol-x2z9f",
            "7-K-Q-0-1-X-2-Z-9-F",
            "7KQ01\u{a0}X2Z9F",
        ] {
            assert_eq!(MailedCode::parse(typed).as_ref(), Ok(&code), "{typed:?}");
        }
    }

    #[test]
    fn what_is_not_ten_characters_of_the_alphabet_is_no_code() {
        for typed in [
            "",
            "-",
            "7KQ01-X2Z9",
            "7KQ01-X2Z9FA",
            "7KQ01-X2Z9U",
            "7KQ01_X2Z9F",
            "7KQ01-X2Z9\0",
            "7KQ01-X2Z9Ä",
            "７KQ01-X2Z9F",
        ] {
            assert_eq!(MailedCode::parse(typed), Err(InvalidMailedCode), "{typed:?}");
        }
        assert_eq!(MailedCode::parse(&" ".repeat(1_000_000)), Err(InvalidMailedCode));
    }

    #[test]
    fn a_code_does_not_print_itself() {
        assert_eq!(format!("{:?}", MailedCode::from_entropy([7; 10])), "MailedCode(***)");
    }

    proptest! {
        #[test]
        fn whatever_is_made_prints_and_parses_back(entropy in any::<[u8; 10]>()) {
            let code = MailedCode::from_entropy(entropy);
            prop_assert_eq!(MailedCode::parse(&code.expose()), Ok(code));
        }

        #[test]
        fn garbage_is_refused_without_a_panic(text in any::<String>()) {
            let _ = MailedCode::parse(&text);
        }
    }
}
