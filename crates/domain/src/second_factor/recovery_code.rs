//! Codes on paper, for the day the app is gone.

use std::fmt;

use secrecy::zeroize::Zeroize;
use thiserror::Error;

/// The randomness of one code: 80 bits, of which NIST SP 800-63B-4, section 3.1.2.1, asks for 64.
pub type RecoveryCodeEntropy = [u8; 10];

/// The alphabet of base32 (RFC 4648, section 6), which has no 0 and no 1 to mistake for letters.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Characters of a code.
const LENGTH: usize = 16;
/// Characters between two hyphens.
const GROUP: usize = 4;

/// A code that stands in for the second factor, once. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(RecoveryCodeEntropy);

/// It is not sixteen letters and digits of the alphabet.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Recovery code must be 16 letters and digits")]
pub struct InvalidRecoveryCode;

impl RecoveryCode {
    /// More characters than this are no code, however many of them are hyphens.
    const MAX_LENGTH: usize = 64;

    /// A new code from the operating system's randomness.
    #[must_use]
    pub const fn from_entropy(entropy: RecoveryCodeEntropy) -> Self {
        Self(entropy)
    }

    /// Parses what a person typed. Case, hyphens and blanks do not count.
    ///
    /// # Errors
    /// [`InvalidRecoveryCode`]
    pub fn parse(text: &str) -> Result<Self, InvalidRecoveryCode> {
        if text.len() > Self::MAX_LENGTH {
            return Err(InvalidRecoveryCode);
        }
        let mut code = Self([0; 10]);
        let mut read = 0;
        for character in text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')) {
            let value = value_of(character).ok_or(InvalidRecoveryCode)?;
            if read == LENGTH {
                return Err(InvalidRecoveryCode);
            }
            for bit in 0..5 {
                if value & (0b1_0000 >> bit) != 0 {
                    let position = read * 5 + bit;
                    code.0[position / 8] |= 0b1000_0000 >> (position % 8);
                }
            }
            read += 1;
        }
        if read == LENGTH {
            Ok(code)
        } else {
            Err(InvalidRecoveryCode)
        }
    }

    /// The bits, to be digested.
    #[must_use]
    pub const fn as_bytes(&self) -> &RecoveryCodeEntropy {
        &self.0
    }

    /// The text for its owner, `xxxx-xxxx-xxxx-xxxx`. The only way to see the code.
    #[must_use]
    pub fn expose(&self) -> String {
        let mut text = base32(&self.0);
        for position in (GROUP..LENGTH).step_by(GROUP).rev() {
            text.insert(position, '-');
        }
        text
    }
}

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(***)")
    }
}

/// Bytes in base32 without padding. Both secrets written with it are whole groups of five bytes.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut kept, mut bits) = (0_u32, 0);
    for byte in bytes {
        kept = kept << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(kept >> bits & 0b1_1111) as usize]));
        }
        kept &= (1 << bits) - 1;
    }
    text
}

fn value_of(character: u8) -> Option<u8> {
    match character.to_ascii_uppercase() {
        letter @ b'A'..=b'Z' => Some(letter - b'A'),
        digit @ b'2'..=b'7' => Some(digit - b'2' + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Proves: ASVS 6.5.4
    #[test]
    fn a_code_is_sixteen_characters_in_groups_of_four() {
        // Python: base64.b32encode(bytes(range(10)))
        let code = RecoveryCode::from_entropy([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(code.expose(), "AAAQ-EAYE-AUDA-OCAJ");
        for spelling in [
            "aaaq-eaye-auda-ocaj",
            "AAAQEAYEAUDAOCAJ",
            " aaaq eaye auda ocaj ",
            "AAAQ-eaye-AUDA-ocaj",
        ] {
            assert_eq!(RecoveryCode::parse(spelling).as_ref(), Ok(&code), "{spelling:?}");
        }
    }

    #[test]
    fn whatever_is_not_sixteen_characters_of_the_alphabet_is_no_code() {
        for text in [
            "",
            "-",
            "AAAQ-EAYE-AUDA-OCA",
            "AAAQ-EAYE-AUDA-OCAJA",
            "AAAQ-EAYE-AUDA-OCA0",
            "AAAQ-EAYE-AUDA-OCA1",
            "AAAQ_EAYE_AUDA_OCAJ",
            "AAAQ-EAYE-AUDA-OCA\0",
            "ÄAAQ-EAYE-AUDA-OCA",
        ] {
            assert_eq!(RecoveryCode::parse(text), Err(InvalidRecoveryCode), "{text:?}");
        }
        assert_eq!(RecoveryCode::parse(&"A".repeat(1_000_000)), Err(InvalidRecoveryCode));
    }

    #[test]
    fn a_code_does_not_print_itself() {
        assert_eq!(
            format!("{:?}", RecoveryCode::from_entropy([7; 10])),
            "RecoveryCode(***)"
        );
    }

    proptest! {
        // Proves: ASVS 6.5.3
        #[test]
        fn whatever_is_made_prints_and_parses_back(entropy in any::<[u8; 10]>()) {
            let code = RecoveryCode::from_entropy(entropy);
            prop_assert_eq!(RecoveryCode::parse(&code.expose()), Ok(code));
        }

        #[test]
        fn garbage_is_refused_without_a_panic(text in any::<String>()) {
            let _ = RecoveryCode::parse(&text);
        }
    }
}
