//! What a chosen password must meet, by rules of the installation and of tenants.

use super::{MAX_CHARS, MIN_CHARS, Password, PasswordAttempt, PasswordFault, blocklist};
use crate::tenant::TenantPolicy;

/// What a chosen password must meet: the installation's rules, which a tenant's policy can only tighten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Fewest code points.
    pub min_chars: usize,
    /// Ask for an upper-case letter.
    pub require_uppercase: bool,
    /// Ask for a digit.
    pub require_number: bool,
    /// Ask for a symbol.
    pub require_symbol: bool,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self {
            min_chars: MIN_CHARS,
            require_uppercase: false,
            require_number: false,
            require_symbol: false,
        }
    }
}

impl PasswordRules {
    /// These rules, tightened by a tenant's policy. A policy that asks for less changes nothing; one that asks for more characters
    /// than any password has asks for as many as one can have.
    #[must_use]
    pub fn tightened_by(self, policy: Option<&TenantPolicy>) -> Self {
        policy.map_or(self, |policy| Self {
            min_chars: self.min_chars.max(policy.password_min_length.min(MAX_CHARS)),
            require_uppercase: self.require_uppercase || policy.password_require_uppercase,
            require_number: self.require_number || policy.password_require_numbers,
            require_symbol: self.require_symbol || policy.password_require_symbols,
        })
    }

    /// Judges a chosen password. `personal` are words the password must not *be* (whole, without regard to case): the
    /// person's address and names, and the product's name.
    ///
    /// # Errors
    /// Every broken rule, in the order of [`PasswordFault`].
    pub fn judge(&self, chosen: &PasswordAttempt, personal: &[&str]) -> Result<Password, Vec<PasswordFault>> {
        let text = chosen.expose();
        let lowered = text.to_lowercase();
        let checks = [
            (
                text.chars().count() < self.min_chars,
                PasswordFault::TooShort(self.min_chars),
            ),
            (blocklist::contains(&lowered), PasswordFault::Common),
            (
                personal.iter().any(|word| is_word(&lowered, word)),
                PasswordFault::Personal,
            ),
            (
                self.require_uppercase && !text.chars().any(char::is_uppercase),
                PasswordFault::NoUppercase,
            ),
            (
                self.require_number && !text.chars().any(char::is_numeric),
                PasswordFault::NoNumber,
            ),
            (
                self.require_symbol && !text.chars().any(|c| !c.is_alphanumeric() && !c.is_whitespace()),
                PasswordFault::NoSymbol,
            ),
        ];
        let faults: Vec<_> = checks
            .into_iter()
            .filter_map(|(broken, fault)| broken.then_some(fault))
            .collect();
        if faults.is_empty() {
            Ok(Password(chosen.clone()))
        } else {
            Err(faults)
        }
    }
}

/// The installation's [`PasswordRules`] and the name nobody may use as a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// What every password must meet.
    pub rules: PasswordRules,
    /// The name of the product, refused as a password.
    pub product: String,
}

impl PasswordPolicy {
    /// This policy, tightened by a tenant's.
    #[must_use]
    pub fn tightened_by(&self, policy: Option<&TenantPolicy>) -> Self {
        Self {
            rules: self.rules.tightened_by(policy),
            product: self.product.clone(),
        }
    }

    /// Judges a chosen password; `personal` as in [`PasswordRules::judge`], the product's name is added.
    ///
    /// # Errors
    /// Every broken rule.
    pub fn judge(&self, chosen: &PasswordAttempt, personal: &[&str]) -> Result<Password, Vec<PasswordFault>> {
        let words: Vec<&str> = personal.iter().copied().chain([self.product.as_str()]).collect();
        self.rules.judge(chosen, &words)
    }
}

/// Whether the password is just that word, written with or without spaces and dots.
fn is_word(lowered: &str, word: &str) -> bool {
    let squeeze = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric() || *c == '@')
            .collect::<String>()
    };
    let word = word.to_lowercase();
    !word.is_empty() && (lowered == word || squeeze(lowered) == squeeze(&word))
}
