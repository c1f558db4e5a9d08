//! Time-based one-time passwords (RFC 6238), as far as they are words and no cryptography: 6 digits, a new one every 30
//! seconds, from a secret of 160 bits. Those are the parameters every authenticator app knows.

use std::fmt;

use secrecy::zeroize::Zeroize;
use thiserror::Error;

use super::recovery_code::base32;
use crate::Timestamp;

/// The randomness of one secret: as long as the hash, as RFC 4226, section 4 (R6), recommends.
pub type TotpEntropy = [u8; 20];

/// What an app and the service share, wiped when dropped.
#[derive(Clone)]
pub struct TotpSecret(TotpEntropy);

impl TotpSecret {
    /// A new secret from the operating system's randomness, or one that was unsealed.
    #[must_use]
    pub const fn from_bytes(bytes: TotpEntropy) -> Self {
        Self(bytes)
    }

    /// The key itself.
    #[must_use]
    pub const fn as_bytes(&self) -> &TotpEntropy {
        &self.0
    }

    /// The 32 characters a person types who cannot scan (base32, RFC 4648, section 6).
    #[must_use]
    pub fn expose(&self) -> String {
        base32(&self.0)
    }
}

impl Drop for TotpSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(***)")
    }
}

/// One stretch of 30 seconds, counted from 1970: the moving factor of RFC 6238.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TotpStep(i64);

impl TotpStep {
    /// How long a code is shown, in seconds.
    pub const SECONDS: i64 = 30;
    /// How many steps a clock may be off, either way.
    pub const TOLERANCE: i64 = 1;

    /// The step this moment is in.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self(moment.timestamp().div_euclid(Self::SECONDS))
    }

    /// The step with this number.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The steps whose codes are accepted in this one: its own first, for that is nearly always the one.
    #[must_use]
    pub const fn accepted(self) -> [Self; 3] {
        [self, Self(self.0 - Self::TOLERANCE), Self(self.0 + Self::TOLERANCE)]
    }
}

/// What somebody reads off their app: exactly 6 digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TotpCode(u32);

/// It is not six digits.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Code must be 6 digits")]
pub struct InvalidTotpCode;

impl TotpCode {
    /// How many digits it has.
    pub const DIGITS: usize = 6;
    /// More characters than this are no code, however many of them are blanks.
    const MAX_LENGTH: usize = 16;

    /// Parses what a person typed. Blanks anywhere do not count, for apps show them in the middle; everything else but the
    /// digits does. However it was spelled, the same six digits are the same code.
    ///
    /// # Errors
    /// [`InvalidTotpCode`]
    pub fn parse(text: &str) -> Result<Self, InvalidTotpCode> {
        if text.len() > Self::MAX_LENGTH {
            return Err(InvalidTotpCode);
        }
        let mut number = 0;
        let mut digits = 0;
        for character in text.chars().filter(|character| *character != ' ') {
            // ASCII digits alone: other scripts' digits are not what an app shows.
            number = number * 10 + character.to_digit(10).ok_or(InvalidTotpCode)?;
            digits += 1;
            if digits > Self::DIGITS {
                return Err(InvalidTotpCode);
            }
        }
        if digits == Self::DIGITS {
            Ok(Self(number))
        } else {
            Err(InvalidTotpCode)
        }
    }

    /// The code a step's hash was truncated to: the last six digits of the number.
    #[must_use]
    pub const fn from_truncated(number: u32) -> Self {
        Self(number % 1_000_000)
    }

    /// The number, for comparing in constant time.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.0
    }

    /// The six digits. The only way to see them.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Proves: A53
    #[test]
    fn blanks_do_not_count_and_leading_zeros_do() {
        let code = TotpCode::parse("001234").unwrap();
        assert_eq!(code.expose(), "001234");
        for spelling in ["001 234", " 001234 ", "0 0 1 2 3 4"] {
            assert_eq!(TotpCode::parse(spelling), Ok(code), "{spelling:?}");
        }
    }

    #[test]
    fn whatever_is_not_six_digits_is_no_code() {
        for text in [
            "",
            " ",
            "12345",
            "1234567",
            "0001234",
            "12345a",
            "-12345",
            "+12345",
            "123.456",
            "123\t456",
            "123456\0",
            "\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}",
            "123\u{00a0}456",
        ] {
            assert_eq!(TotpCode::parse(text), Err(InvalidTotpCode), "{text:?}");
        }
        assert_eq!(TotpCode::parse(&"1".repeat(1_000_000)), Err(InvalidTotpCode));
        assert_eq!(
            TotpCode::parse(&format!("{}123456", " ".repeat(100))),
            Err(InvalidTotpCode)
        );
    }

    #[test]
    fn a_step_lasts_thirty_seconds() {
        let moment = |seconds| Timestamp::from_timestamp(seconds, 999_999_999).unwrap();
        assert_eq!(TotpStep::at(moment(59)).number(), 1, "RFC 6238, appendix B");
        assert_eq!(TotpStep::at(moment(60)).number(), 2);
        assert_eq!(TotpStep::at(moment(20_000_000_000)).number(), 0x27BC_86AA);
        assert_eq!(TotpStep::at(moment(-1)).number(), -1);
        assert_eq!(
            TotpStep::from_number(7).accepted().map(TotpStep::number),
            [7, 6, 8],
            "one either way"
        );
    }

    #[test]
    fn secrets_and_codes_do_not_print_themselves() {
        let secret = TotpSecret::from_bytes(*b"12345678901234567890");
        let code = TotpCode::from_truncated(123_456);
        assert_eq!(format!("{secret:?} {code:?}"), "TotpSecret(***) TotpCode(***)");
        assert_eq!(secret.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    proptest! {
        #[test]
        fn every_code_prints_and_parses_back(number in 0_u32..1_000_000) {
            let code = TotpCode::from_truncated(number);
            prop_assert_eq!(TotpCode::parse(&code.expose()), Ok(code));
        }

        #[test]
        fn garbage_is_refused_without_a_panic(text in any::<String>()) {
            if let Ok(code) = TotpCode::parse(&text) {
                prop_assert_eq!(text.replace(' ', ""), code.expose());
            }
        }
    }
}
