//! What the installation asks of everybody, in the words of a tenant's policy.

use rookery_domain::{PasswordRules, SessionLifetime, TenantPolicy};

use crate::{Limit, LimitProfile};

/// Wrong passwords a tenant may allow at most where the installation counts none: what NIST SP 800-63B-4, section 3.2.2,
/// allows at most.
const UNCOUNTED: u32 = 100;

/// The weakest policy a tenant may have: the installation's rules for passwords, the longest any of these sessions lives, in
/// whole hours, and how many wrong passwords lock an address.
#[must_use]
pub fn installation_policy(rules: &PasswordRules, lifetimes: &[SessionLifetime], limits: LimitProfile) -> TenantPolicy {
    let longest = lifetimes.iter().map(|lifetime| lifetime.absolute.num_seconds()).max();
    let hours = longest.unwrap_or_default().max(1).div_euclid(3600);
    let begun = i64::from(longest.unwrap_or_default().rem_euclid(3600) > 0);
    TenantPolicy {
        password_min_length: rules.min_chars,
        password_require_uppercase: rules.require_uppercase,
        password_require_numbers: rules.require_number,
        password_require_symbols: rules.require_symbol,
        session_timeout_hours: u32::try_from((hours + begun).max(1)).unwrap_or(u32::MAX),
        max_login_attempts: Limit::LogInAddress.rule(limits).map_or(UNCOUNTED, |rule| rule.quota),
        two_factor_required: false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    fn hours(longest: Duration) -> u32 {
        let lifetime = SessionLifetime {
            idle: Duration::minutes(1),
            absolute: longest,
        };
        installation_policy(&PasswordRules::default(), &[lifetime], LimitProfile::Default).session_timeout_hours
    }

    #[test]
    fn it_is_what_everybody_is_held_to() {
        let rules = PasswordRules {
            min_chars: 15,
            require_symbol: true,
            ..PasswordRules::default()
        };
        let lifetimes = [SessionLifetime::DEFAULT, SessionLifetime::REMEMBERED];
        let expected = TenantPolicy {
            password_min_length: 15,
            password_require_symbols: true,
            session_timeout_hours: 720,
            max_login_attempts: 5,
            ..TenantPolicy::default()
        };
        assert_eq!(installation_policy(&rules, &lifetimes, LimitProfile::Default), expected);
        let relaxed = installation_policy(&rules, &lifetimes, LimitProfile::Relaxed);
        let off = installation_policy(&rules, &lifetimes, LimitProfile::Off);
        assert_eq!((relaxed.max_login_attempts, off.max_login_attempts), (20, UNCOUNTED));
    }

    #[test]
    fn an_hour_that_has_begun_counts_whole() {
        for (longest, whole) in [
            (Duration::minutes(1), 1),
            (Duration::hours(1), 1),
            (Duration::minutes(61), 2),
            (Duration::hours(24), 24),
        ] {
            assert_eq!(hours(longest), whole, "{longest}");
        }
    }
}
