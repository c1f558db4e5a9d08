//! What is different between two policies, setting by setting.

use rookery_domain::TenantPolicy;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One setting of a policy, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyTerm {
    /// Fewest characters of a password.
    PasswordMinLength(u64),
    /// Whether a password needs an upper-case letter.
    PasswordRequireUppercase(bool),
    /// Whether it needs a digit.
    PasswordRequireNumbers(bool),
    /// Whether it needs a symbol.
    PasswordRequireSymbols(bool),
    /// Longest life of a session, in hours.
    SessionTimeoutHours(u64),
    /// Wrong passwords until none counts any more.
    MaxLoginAttempts(u64),
    /// Whether a second factor is asked for.
    TwoFactorRequired(bool),
}

impl PolicyTerm {
    /// Every setting of a policy.
    fn all(policy: &TenantPolicy) -> [Self; 7] {
        [
            Self::PasswordMinLength(policy.password_min_length as u64),
            Self::PasswordRequireUppercase(policy.password_require_uppercase),
            Self::PasswordRequireNumbers(policy.password_require_numbers),
            Self::PasswordRequireSymbols(policy.password_require_symbols),
            Self::SessionTimeoutHours(policy.session_timeout_hours.into()),
            Self::MaxLoginAttempts(policy.max_login_attempts.into()),
            Self::TwoFactorRequired(policy.two_factor_required),
        ]
    }

    /// What is different, before and after.
    pub(crate) fn changed(before: &TenantPolicy, after: &TenantPolicy) -> Vec<(Self, Self)> {
        let pairs = Self::all(before).into_iter().zip(Self::all(after));
        pairs.filter(|(before, after)| before != after).collect()
    }

    /// The setting, as the wire calls it, and its value.
    fn entry(self) -> (&'static str, Value) {
        match self {
            Self::PasswordMinLength(length) => ("passwordMinLength", json!(length)),
            Self::PasswordRequireUppercase(required) => ("passwordRequireUppercase", json!(required)),
            Self::PasswordRequireNumbers(required) => ("passwordRequireNumbers", json!(required)),
            Self::PasswordRequireSymbols(required) => ("passwordRequireSymbols", json!(required)),
            Self::SessionTimeoutHours(hours) => ("sessionTimeoutHours", json!(hours)),
            Self::MaxLoginAttempts(attempts) => ("maxLoginAttempts", json!(attempts)),
            Self::TwoFactorRequired(required) => ("twoFactorRequired", json!(required)),
        }
    }

    /// What the log says of a change: the settings it touched, before and after.
    pub(crate) fn detail(changed: &[(Self, Self)]) -> Value {
        let object = |of: fn(&(Self, Self)) -> Self| {
            let entries = changed.iter().map(|pair| of(pair).entry());
            Value::Object(entries.map(|(name, value)| (name.to_owned(), value)).collect())
        };
        json!({"before": object(|pair| pair.0), "after": object(|pair| pair.1)})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_different_is_told_before_and_after() {
        let before = TenantPolicy::default();
        let after = TenantPolicy {
            password_min_length: 12,
            two_factor_required: true,
            ..before.clone()
        };
        let changed = PolicyTerm::changed(&before, &after);
        assert_eq!(
            PolicyTerm::detail(&changed),
            json!({
                "before": {"passwordMinLength": 8, "twoFactorRequired": false},
                "after": {"passwordMinLength": 12, "twoFactorRequired": true},
            })
        );
        assert!(PolicyTerm::changed(&after, &after).is_empty());
    }

    #[test]
    fn every_setting_is_one_of_them() {
        let before = TenantPolicy::default();
        let after = TenantPolicy {
            password_min_length: 9,
            password_require_uppercase: true,
            password_require_numbers: true,
            password_require_symbols: true,
            session_timeout_hours: 7,
            max_login_attempts: 4,
            two_factor_required: true,
        };
        assert_eq!(PolicyTerm::changed(&before, &after).len(), 7);
    }
}
