//! How long somebody stays signed in.

use chrono::Duration;

use crate::Timestamp;
use crate::id::{SessionId, UserId};
use crate::tenant::{TenantPolicy, TenantSummary};

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthMethod {
    /// With their password.
    Password,
    /// With a code of their authenticator app.
    Totp,
    /// With one of their recovery codes.
    RecoveryCode,
}

impl AuthMethod {
    /// Whether it is something beside the password.
    #[must_use]
    pub const fn is_second_factor(self) -> bool {
        matches!(self, Self::Totp | Self::RecoveryCode)
    }

    /// The word rows and the wire use (`amr` of RFC 8176 says `pwd`; people read this one).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The method a row names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Password, Self::Totp, Self::RecoveryCode]
            .into_iter()
            .find(|method| method.as_str() == word)
    }
}

/// How long a session may live: idle (since it was last used) and absolute (since sign-in).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Longest pause between two requests.
    pub idle: Duration,
    /// Longest life since sign-in, however busy.
    pub absolute: Duration,
}

impl SessionLifetime {
    /// A day at the dashboard: 30 minutes idle, 24 hours in all (NIST SP 800-63B-4, section 2.2.3, asks for at most 1 h and 24 h at AAL2).
    pub const DEFAULT: Self = Self {
        idle: Duration::minutes(30),
        absolute: Duration::hours(24),
    };
    /// "Remember me": 7 days idle, 30 days in all (the most section 2.1.3 allows at AAL1).
    pub const REMEMBERED: Self = Self {
        idle: Duration::days(7),
        absolute: Duration::days(30),
    };

    /// This lifetime, cut to what a tenant's policy allows. A policy that allows more changes nothing.
    #[must_use]
    pub fn capped_by(self, policy: Option<&TenantPolicy>) -> Self {
        let Some(policy) = policy else { return self };
        let cap = Duration::hours(i64::from(policy.session_timeout_hours.max(1)));
        Self {
            idle: self.idle.min(cap),
            absolute: self.absolute.min(cap),
        }
    }
}

/// When a session ends that would end then, in a tenant that lets it live so many hours after its person proved who they are.
#[must_use]
pub fn end_within(expires: Timestamp, authenticated: Timestamp, timeout_hours: u32) -> Timestamp {
    let hours = Duration::hours(i64::from(timeout_hours.max(1)));
    // Later than there are dates is later than any session ends.
    authenticated
        .checked_add_signed(hours)
        .map_or(expires, |end| end.min(expires))
}

/// A live sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name; the secret is the token.
    pub id: SessionId,
    /// Who is signed in.
    pub user: UserId,
    /// The tenant they are working in.
    pub tenant: Option<TenantSummary>,
    /// Whether the cookie outlives the browser.
    pub remembered: bool,
    /// How they proved who they are.
    pub methods: Vec<AuthMethod>,
    /// When the session began.
    pub created: Timestamp,
    /// When the person last proved who they are.
    pub authenticated: Timestamp,
    /// When the session was last used, written at most [once a minute](Self::TOUCH_INTERVAL).
    pub last_seen: Timestamp,
    /// Longest pause between two requests.
    pub idle: Duration,
    /// When the session ends however busy it is.
    pub expires: Timestamp,
    /// From when on it is worth nothing but setting up the second factor a tenant asks for; `None` when nothing is missing.
    pub second_factor_due: Option<Timestamp>,
}

impl Session {
    /// How often "last seen" is written at most.
    pub const TOUCH_INTERVAL: Duration = Duration::seconds(60);
    /// How long ago the person may have proved who they are for what is sensitive: changing the address or a second factor,
    /// ending other sessions, export, deletion (OWASP ASVS 5.0, 7.5.1).
    pub const FRESHNESS: Duration = Duration::minutes(10);
    /// How long ago staff may have proved who they are to look at the accounts of others: once a working day.
    pub const STAFF_FRESHNESS: Duration = Duration::hours(8);
    /// Most sessions of one person; the oldest goes when a further one begins.
    pub const MAX_PER_USER: u32 = 50;

    /// When the session ends if nothing more happens on it.
    #[must_use]
    pub fn idle_expires(&self) -> Timestamp {
        (self.last_seen + self.idle).min(self.expires)
    }

    /// Whether the session still opens doors at the given moment. The ends themselves do not.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.idle_expires()
    }

    /// Whether the person proved recently enough who they are for what is sensitive.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now - self.authenticated < Self::FRESHNESS
    }

    /// Whether a second factor was shown in it. A browser that is trusted to do without has shown none.
    #[must_use]
    pub fn has_shown_second_factor(&self) -> bool {
        self.methods.iter().any(|method| method.is_second_factor())
    }

    /// Whether a second factor should have been set up by now: then the session opens nothing but that.
    #[must_use]
    pub fn lacks_second_factor(&self, now: Timestamp) -> bool {
        self.second_factor_due.is_some_and(|due| due <= now)
    }

    /// Whether "last seen" is old enough to be written again.
    #[must_use]
    pub fn is_touch_due(&self, now: Timestamp) -> bool {
        now - self.last_seen >= Self::TOUCH_INTERVAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(at: Timestamp, lifetime: SessionLifetime) -> Session {
        Session {
            id: SessionId::new(at, &[1; 10]),
            user: UserId::new(at, &[2; 10]),
            tenant: None,
            remembered: false,
            methods: vec![AuthMethod::Password],
            created: at,
            authenticated: at,
            last_seen: at,
            idle: lifetime.idle,
            expires: at + lifetime.absolute,
            second_factor_due: None,
        }
    }

    // Proves: ASVS 7.1.1
    #[test]
    fn an_idle_session_ends_to_the_second() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let session = begun(at, SessionLifetime::DEFAULT);
        assert!(session.is_live(at + Duration::minutes(30) - Duration::seconds(1)));
        assert!(!session.is_live(at + Duration::minutes(30)));
    }

    #[test]
    fn a_busy_session_ends_with_its_absolute_life() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let busy = Session {
            last_seen: at + Duration::hours(24) - Duration::seconds(1),
            ..begun(at, SessionLifetime::DEFAULT)
        };
        assert!(busy.is_live(at + Duration::hours(24) - Duration::seconds(1)));
        assert!(!busy.is_live(at + Duration::hours(24)));
    }

    #[test]
    fn every_lifetime_ends_to_the_second() {
        let second = Duration::seconds(1);
        let capped = |hours| TenantPolicy {
            session_timeout_hours: hours,
            ..TenantPolicy::default()
        };
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        for (lifetime, idle, absolute) in [
            (SessionLifetime::DEFAULT, Duration::minutes(30), Duration::hours(24)),
            (SessionLifetime::REMEMBERED, Duration::days(7), Duration::days(30)),
            (
                SessionLifetime::DEFAULT.capped_by(Some(&capped(8))),
                Duration::minutes(30),
                Duration::hours(8),
            ),
            (
                SessionLifetime::REMEMBERED.capped_by(Some(&capped(1))),
                Duration::hours(1),
                Duration::hours(1),
            ),
            (
                SessionLifetime::REMEMBERED.capped_by(Some(&capped(200))),
                Duration::days(7),
                Duration::hours(200),
            ),
        ] {
            let unused = begun(at, lifetime);
            assert!(unused.is_live(at + idle - second), "{lifetime:?}");
            assert!(!unused.is_live(at + idle), "{lifetime:?}");
            let busy = Session {
                last_seen: at + absolute - second,
                ..begun(at, lifetime)
            };
            assert!(busy.is_live(at + absolute - second), "{lifetime:?}");
            assert!(!busy.is_live(at + absolute), "{lifetime:?}");
        }
    }

    #[test]
    fn a_policy_cuts_a_lifetime_and_never_stretches_it() {
        let policy = TenantPolicy {
            session_timeout_hours: 8,
            ..TenantPolicy::default()
        };
        let capped = SessionLifetime::REMEMBERED.capped_by(Some(&policy));
        assert_eq!(
            capped,
            SessionLifetime {
                idle: Duration::hours(8),
                absolute: Duration::hours(8)
            }
        );
        let generous = TenantPolicy {
            session_timeout_hours: 10_000,
            ..policy
        };
        assert_eq!(
            SessionLifetime::DEFAULT.capped_by(Some(&generous)),
            SessionLifetime::DEFAULT
        );
        assert_eq!(SessionLifetime::DEFAULT.capped_by(None), SessionLifetime::DEFAULT);
    }

    #[test]
    fn a_tenant_s_hours_count_from_the_last_proof_and_never_stretch() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let expires = at + Duration::hours(24);
        for (hours, end) in [(8, 8), (1, 1), (0, 1), (24, 24), (25, 24), (u32::MAX, 24)] {
            assert_eq!(end_within(expires, at, hours), at + Duration::hours(end), "{hours}");
        }
    }

    // Proves: ASVS 7.5.1
    #[test]
    fn a_proof_of_who_one_is_stays_fresh_for_ten_minutes() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let session = begun(at, SessionLifetime::REMEMBERED);
        assert!(session.is_fresh(at + Duration::minutes(10) - Duration::seconds(1)));
        assert!(!session.is_fresh(at + Duration::minutes(10)));
    }

    #[test]
    fn a_second_factor_is_shown_by_a_code_and_not_by_a_password() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        for (method, shown) in [
            (AuthMethod::Password, false),
            (AuthMethod::Totp, true),
            (AuthMethod::RecoveryCode, true),
        ] {
            let session = Session {
                methods: vec![AuthMethod::Password, method],
                ..begun(at, SessionLifetime::DEFAULT)
            };
            assert_eq!(session.has_shown_second_factor(), shown, "{method:?}");
        }
    }

    #[test]
    fn a_second_factor_is_missing_from_the_moment_it_is_due() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let due = at + Duration::days(7);
        let session = Session {
            second_factor_due: Some(due),
            ..begun(at, SessionLifetime::REMEMBERED)
        };
        assert!(!session.lacks_second_factor(due - Duration::microseconds(1)));
        assert!(session.lacks_second_factor(due));
        assert!(!begun(at, SessionLifetime::REMEMBERED).lacks_second_factor(due));
    }

    #[test]
    fn last_seen_is_written_at_most_once_a_minute() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let session = begun(at, SessionLifetime::DEFAULT);
        assert!(!session.is_touch_due(at + Duration::seconds(59)));
        assert!(session.is_touch_due(at + Duration::seconds(60)));
    }
}
