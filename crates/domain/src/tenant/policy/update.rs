//! A change of what a tenant asks, and how far it may go.

use super::TenantPolicy;
use crate::Violations;
use crate::password::MAX_CHARS;

/// A change of a policy. What is `None` stays as it is. Numbers are as somebody has typed them: [`Self::within`] judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyUpdate {
    /// Fewest characters of a password.
    pub password_min_length: Option<u64>,
    /// Ask for an upper-case letter.
    pub password_require_uppercase: Option<bool>,
    /// Ask for a digit.
    pub password_require_numbers: Option<bool>,
    /// Ask for a symbol.
    pub password_require_symbols: Option<bool>,
    /// Longest life of a session, in hours.
    pub session_timeout_hours: Option<u64>,
    /// Most wrong passwords in a row.
    pub max_login_attempts: Option<u64>,
    /// Ask for a second factor.
    pub two_factor_required: Option<bool>,
}

impl PolicyUpdate {
    /// Whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `current` with this change, if nothing in it is impossible or weaker than what the installation asks of everybody.
    /// What the change does not name is not judged.
    ///
    /// # Errors
    /// Every broken bound, under the field's name on the wire, saying which it is.
    pub fn within(&self, weakest: &TenantPolicy, current: &TenantPolicy) -> Result<TenantPolicy, Violations> {
        let mut broken = Violations::none();
        let length = self.password_min_length.map(|length| {
            let (least, most) = (weakest.password_min_length as u64, MAX_CHARS as u64);
            let (low, high) = (
                format!("Minimum password length must be at least {least}"),
                format!("Minimum password length must be at most {most}"),
            );
            bounded(&mut broken, "passwordMinLength", length, (least, low), (most, high))
        });
        let hours = self.session_timeout_hours.map(|hours| {
            let most = u64::from(weakest.session_timeout_hours);
            let (low, high) = (
                "Session timeout must be at least 1 hour".to_owned(),
                format!("Session timeout must be at most {most} hours"),
            );
            bounded(&mut broken, "sessionTimeoutHours", hours, (1, low), (most, high))
        });
        let attempts = self.max_login_attempts.map(|attempts| {
            let most = u64::from(weakest.max_login_attempts);
            let least = u64::from(TenantPolicy::LEAST_LOGIN_ATTEMPTS).min(most);
            let (low, high) = (
                format!("Maximum login attempts must be at least {least}"),
                format!("Maximum login attempts must be at most {most}"),
            );
            bounded(&mut broken, "maxLoginAttempts", attempts, (least, low), (most, high))
        });
        let uppercase = required(
            &mut broken,
            "passwordRequireUppercase",
            (self.password_require_uppercase, weakest.password_require_uppercase),
            "an uppercase letter",
        );
        let numbers = required(
            &mut broken,
            "passwordRequireNumbers",
            (self.password_require_numbers, weakest.password_require_numbers),
            "a number",
        );
        let symbols = required(
            &mut broken,
            "passwordRequireSymbols",
            (self.password_require_symbols, weakest.password_require_symbols),
            "a symbol",
        );
        let two_factor = required(
            &mut broken,
            "twoFactorRequired",
            (self.two_factor_required, weakest.two_factor_required),
            "a second factor",
        );
        if !broken.is_empty() {
            return Err(broken);
        }
        Ok(TenantPolicy {
            password_min_length: length
                .and_then(|length| usize::try_from(length).ok())
                .unwrap_or(current.password_min_length),
            password_require_uppercase: uppercase.unwrap_or(current.password_require_uppercase),
            password_require_numbers: numbers.unwrap_or(current.password_require_numbers),
            password_require_symbols: symbols.unwrap_or(current.password_require_symbols),
            session_timeout_hours: hours
                .and_then(|hours| u32::try_from(hours).ok())
                .unwrap_or(current.session_timeout_hours),
            max_login_attempts: attempts
                .and_then(|attempts| u32::try_from(attempts).ok())
                .unwrap_or(current.max_login_attempts),
            two_factor_required: two_factor.unwrap_or(current.two_factor_required),
        })
    }
}

/// The number, with a note if it is out of its bounds.
fn bounded(
    broken: &mut Violations,
    path: &'static str,
    number: u64,
    (least, too_low): (u64, String),
    (most, too_high): (u64, String),
) -> u64 {
    if number < least {
        broken.field(path, too_low);
    } else if number > most {
        broken.field(path, too_high);
    }
    number
}

/// The choice, with a note if it would drop what the installation asks of everybody.
fn required(
    broken: &mut Violations,
    path: &'static str,
    (chosen, always): (Option<bool>, bool),
    what: &str,
) -> Option<bool> {
    if always && chosen == Some(false) {
        broken.field(path, format!("This installation always requires {what}"));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation() -> TenantPolicy {
        TenantPolicy {
            password_min_length: 10,
            password_require_numbers: true,
            session_timeout_hours: 720,
            ..TenantPolicy::default()
        }
    }

    fn told(update: PolicyUpdate) -> Vec<String> {
        match update.within(&installation(), &installation()) {
            Ok(policy) => panic!("{policy:?}"),
            Err(violations) => violations
                .iter()
                .map(|violation| format!("{}: {}", violation.path.unwrap_or_default(), violation.message))
                .collect(),
        }
    }

    #[test]
    fn what_is_weaker_than_the_installation_is_refused_with_the_bound() {
        let told = told(PolicyUpdate {
            password_min_length: Some(9),
            password_require_uppercase: Some(false),
            password_require_numbers: Some(false),
            session_timeout_hours: Some(721),
            max_login_attempts: Some(6),
            ..PolicyUpdate::default()
        });
        assert_eq!(
            told,
            [
                "passwordMinLength: Minimum password length must be at least 10",
                "sessionTimeoutHours: Session timeout must be at most 720 hours",
                "maxLoginAttempts: Maximum login attempts must be at most 5",
                "passwordRequireNumbers: This installation always requires a number",
            ]
        );
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_bound() {
        let of = |password_min_length, session_timeout_hours, max_login_attempts| PolicyUpdate {
            password_min_length,
            session_timeout_hours,
            max_login_attempts,
            ..PolicyUpdate::default()
        };
        assert_eq!(
            told(of(Some(257), Some(0), Some(2))),
            [
                "passwordMinLength: Minimum password length must be at most 256",
                "sessionTimeoutHours: Session timeout must be at least 1 hour",
                "maxLoginAttempts: Maximum login attempts must be at least 3",
            ]
        );
        assert_eq!(told(of(Some(u64::MAX), Some(u64::MAX), Some(u64::MAX))).len(), 3);
    }

    #[test]
    fn the_bounds_themselves_are_good_and_what_is_not_named_stays() {
        let current = TenantPolicy {
            two_factor_required: true,
            session_timeout_hours: 4,
            ..installation()
        };
        for (length, hours, attempts) in [(10, 720, 5), (256, 1, 3)] {
            let update = PolicyUpdate {
                password_min_length: Some(length),
                session_timeout_hours: Some(hours),
                max_login_attempts: Some(attempts),
                ..PolicyUpdate::default()
            };
            let policy = update.within(&installation(), &current).unwrap();
            let numbers = (
                policy.password_min_length as u64,
                u64::from(policy.session_timeout_hours),
            );
            assert_eq!(numbers, (length, hours));
            assert_eq!(u64::from(policy.max_login_attempts), attempts);
            assert!(policy.two_factor_required && policy.password_require_numbers);
        }
        assert_eq!(PolicyUpdate::default().within(&installation(), &current), Ok(current));
        assert!(PolicyUpdate::default().is_empty());
    }
}
