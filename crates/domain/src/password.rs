//! A plain password, the rules it must meet, and the hash it becomes.
//!
//! Length is counted in code points after NFC, once and everywhere the same, so that two keyboards which compose an
//! accent differently still spell the same password (NIST SP 800-63B-4, section 3.1.1.2). There are no composition rules
//! by default and nothing is ever cut off.

mod blocklist;
mod rules;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

pub use rules::{PasswordPolicy, PasswordRules};

/// Most code points of a password.
pub const MAX_CHARS: usize = 256;
/// Most bytes of a password; what is longer is refused before anybody hashes it.
pub const MAX_BYTES: usize = 1024;
/// Fewest code points of a password where no policy asks for more.
pub const MIN_CHARS: usize = 8;

/// A password somebody typed to prove who they are: not empty, not absurdly long, otherwise unjudged.
#[derive(Clone)]
pub struct PasswordAttempt(SecretString);

impl PasswordAttempt {
    /// Normalises what was typed (NFC) and bounds the work of hashing it.
    ///
    /// # Errors
    /// [`PasswordFault::Missing`] when empty, [`PasswordFault::TooLong`] over 256 characters or 1024 bytes.
    pub fn parse(typed: &SecretString) -> Result<Self, PasswordFault> {
        let typed = typed.expose_secret();
        if typed.is_empty() {
            return Err(PasswordFault::Missing);
        }
        // Composing shortens a text to a third of its bytes at most; what is longer than that need not be composed.
        if typed.len() > 3 * MAX_BYTES {
            return Err(PasswordFault::TooLong);
        }
        let normalised: String = typed.nfc().collect();
        if normalised.chars().count() > MAX_CHARS || normalised.len() > MAX_BYTES {
            return Err(PasswordFault::TooLong);
        }
        Ok(Self(SecretString::from(normalised)))
    }

    /// The bytes to hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether both spell the same password. For comparing two fields of one request, never against anything stored.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for PasswordAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordAttempt(***)")
    }
}

/// A password somebody chose, proved to meet [`PasswordRules`].
#[derive(Clone, Debug)]
pub struct Password(PasswordAttempt);

impl Password {
    /// The password as an attempt, for hashing it.
    #[must_use]
    pub const fn as_attempt(&self) -> &PasswordAttempt {
        &self.0
    }
}

/// One rule a chosen password breaks. The message is meant for the person who chose it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PasswordFault {
    /// Nothing was typed.
    #[error("Password is required")]
    Missing,
    /// Fewer code points than the policy asks for.
    #[error("Password must be at least {0} characters")]
    TooShort(usize),
    /// More than 256 code points or 1024 bytes.
    #[error("Password must be at most 256 characters")]
    TooLong,
    /// On the list of passwords attackers try first, or a single character repeated.
    #[error("Password is too common and easy to guess")]
    Common,
    /// The person's own address or name, or the product's name.
    #[error("Password must not be your email address, your name or the name of this service")]
    Personal,
    /// The tenant's policy asks for an upper-case letter.
    #[error("Password must contain an uppercase letter")]
    NoUppercase,
    /// The tenant's policy asks for a digit.
    #[error("Password must contain a number")]
    NoNumber,
    /// The tenant's policy asks for something that is neither letter, digit nor space.
    #[error("Password must contain a symbol")]
    NoSymbol,
}

/// A password as it is kept: a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$…`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string; the hasher that reads it judges its content.
    #[must_use]
    pub const fn from_phc(phc: String) -> Self {
        Self(phc)
    }

    /// What is stored where no password must fit: before somebody has one, and after one was taken away. It is well formed,
    /// and no password has it.
    pub const NO_PASSWORD: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /// The PHC string.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.0
    }

    /// Whether it is there to fit no password. Comparing with it costs what comparing with nobody's password costs.
    #[must_use]
    pub fn fits_nothing(&self) -> bool {
        self.0 == Self::NO_PASSWORD
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tenant::TenantPolicy;

    fn typed(text: &str) -> Result<PasswordAttempt, PasswordFault> {
        PasswordAttempt::parse(&SecretString::from(text))
    }

    fn judged(text: &str, personal: &[&str]) -> Result<(), Vec<PasswordFault>> {
        PasswordRules::default()
            .judge(&typed(text).unwrap(), personal)
            .map(|_| ())
    }

    // Proves: A33, ASVS 6.2.5
    #[test]
    fn any_characters_make_a_password_and_none_are_required() {
        for text in [
            "SecurePass123!",
            "correct horse battery staple",
            "ünïcödé päss",
            "🦀🦀🦀🦀🦀🦀🦀🐧",
            "        x",
        ] {
            assert_eq!(judged(text, &[]), Ok(()), "{text}");
        }
    }

    // Proves: A33, ASVS 6.2.1, 6.2.9
    #[test]
    fn length_is_counted_in_composed_code_points() {
        assert_eq!(judged("é7♥x9kq", &[]), Err(vec![PasswordFault::TooShort(8)]));
        assert_eq!(judged("e\u{301}7♥x9kq", &[]), Err(vec![PasswordFault::TooShort(8)]));
        assert!(typed(&"é".repeat(256)).is_ok());
        assert!(typed(&"e\u{301}".repeat(256)).is_ok());
        assert!(typed(&"\u{1100}\u{1161}\u{11a8}".repeat(256)).is_ok());
        assert_eq!(typed(&"é".repeat(257)).unwrap_err(), PasswordFault::TooLong);
        assert_eq!(
            typed(&"\u{1100}\u{1161}\u{11a8}".repeat(257)).unwrap_err(),
            PasswordFault::TooLong
        );
        assert_eq!(typed(&"🦀".repeat(257)).unwrap_err(), PasswordFault::TooLong);
        assert_eq!(typed("").unwrap_err(), PasswordFault::Missing);
    }

    // Proves: A33, ASVS 6.2.8
    #[test]
    fn both_spellings_of_an_accent_are_one_password() {
        assert!(
            typed("caf\u{e9} ole")
                .unwrap()
                .is_same_as(&typed("cafe\u{301} ole").unwrap())
        );
    }

    // Proves: A33, ASVS 6.2.4, 6.2.12
    #[test]
    fn what_attackers_try_first_is_refused_in_any_case() {
        for text in ["password123", "Password123", "QWERTYUIOP", "aaaaaaaaaaaa", "iloveyou1"] {
            assert_eq!(judged(text, &[]), Err(vec![PasswordFault::Common]), "{text}");
        }
    }

    // Proves: ASVS 6.1.2, 6.2.11
    #[test]
    fn a_person_cannot_be_their_own_password() {
        let personal = ["ada.lovelace@example.com", "Ada Lovelace", "Rookery"];
        for text in [
            "Ada.Lovelace@example.com",
            "adalovelace",
            "ada lovelace",
            "ADA.LOVELACE",
        ] {
            assert_eq!(judged(text, &personal), Err(vec![PasswordFault::Personal]), "{text}");
        }
        assert_eq!(judged("ada lovelace wrote programs", &personal), Ok(()));
    }

    #[test]
    fn a_policy_tightens_and_never_loosens() {
        let strict = TenantPolicy {
            password_min_length: 12,
            password_require_symbols: true,
            ..TenantPolicy::default()
        };
        let rules = PasswordRules::default().tightened_by(Some(&strict));
        let faults = rules.judge(&typed("Zebra7Zebra").unwrap(), &[]).unwrap_err();
        assert_eq!(faults, [PasswordFault::TooShort(12), PasswordFault::NoSymbol]);
        let endless = TenantPolicy {
            password_min_length: 100_000,
            ..TenantPolicy::default()
        };
        let rules = PasswordRules::default().tightened_by(Some(&endless));
        assert!(rules.judge(&typed(&"7é🦀x".repeat(64)).unwrap(), &[]).is_ok());
        let lax = TenantPolicy {
            password_min_length: 4,
            ..TenantPolicy::default()
        };
        assert_eq!(
            PasswordRules::default().tightened_by(Some(&lax)),
            PasswordRules::default()
        );
    }

    #[test]
    fn debug_output_hides_it() {
        assert_eq!(
            format!("{:?}", typed("SecurePass123!").unwrap()),
            "PasswordAttempt(***)"
        );
        assert_eq!(
            format!("{:?}", PasswordHash::from_phc("$argon2id$".into())),
            "PasswordHash(***)"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_kept_whole(text in "\\PC{8,40}") {
            let attempt = typed(&text).unwrap();
            prop_assert_eq!(attempt.expose(), text.nfc().collect::<String>());
        }
    }
}
