//! The one table of limits.

use chrono::Duration;

/// How tight the limits are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LimitProfile {
    /// None at all: for tests and benchmarks.
    Off,
    /// Roomy: for development, and behind something that limits already.
    Relaxed,
    /// For everybody else.
    #[default]
    Default,
    /// Tight: for installations under attack, or with few people.
    Strict,
}

/// What a counter allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// So many.
    pub quota: u32,
    /// Within this long from the first.
    pub window: Duration,
    /// The one that uses the quota up locks for this long.
    pub lock: Option<Duration>,
}

const fn per(quota: u32, window: Duration) -> Rule {
    Rule {
        quota,
        window,
        lock: None,
    }
}

const fn locking(quota: u32, window: Duration, lock: Duration) -> Rule {
    Rule {
        quota,
        window,
        lock: Some(lock),
    }
}

/// What is limited, and by whom it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Failed sign-ins from unknown devices, by network.
    LogInNetwork,
    /// Failed sign-ins from unknown devices, by the address they try, whether it belongs to anybody or not.
    LogInAddress,
    /// Failed sign-ins from a known device, by device.
    LogInDevice,
    /// Sign-ups, by network.
    SignUpNetwork,
    /// Mails somebody asked for without being signed in, by the address they go to. Dropped in silence.
    MailAddress,
    /// Requests for such mails, by network.
    MailNetwork,
    /// Wrong current passwords and wrong proofs of who one is, by person.
    CurrentPassword,
    /// The same in a row, by session; the last one ends the session.
    CurrentPasswordInARow,
    /// Wrong second factors, by person.
    SecondFactorUser,
    /// Mailed tokens shown, by network.
    ResetTokenNetwork,
    /// Tenants made, by person.
    TenantsUser,
    /// Invitations mailed, by person who invites.
    InvitationsUser,
    /// Invitations mailed, by tenant.
    InvitationsTenant,
    /// Invitations mailed, by the address they go to, whoever sends them.
    InvitationsAddress,
    /// Looks at the accounts of others, by the one of the staff who looks.
    StaffLooksUser,
    /// Changes to the accounts of others, by the one of the staff who makes them.
    StaffChangesUser,
    /// Codes out of mails shown, by the address they are said to have been mailed to, whether it belongs to anybody or not.
    MailedCodeAddress,
    /// Pictures sent, by person.
    PictureUser,
    /// Requests with a session, by person.
    ReadsUser,
    /// Requests without one, by network.
    AnonymousNetwork,
    /// Pictures looked at, by network. A page shows many at once, each to be fetched a single time.
    PictureReadsNetwork,
}

impl Limit {
    /// Every limit there is.
    pub const ALL: &'static [Self] = &[
        Self::LogInNetwork,
        Self::LogInAddress,
        Self::LogInDevice,
        Self::SignUpNetwork,
        Self::MailAddress,
        Self::MailNetwork,
        Self::CurrentPassword,
        Self::CurrentPasswordInARow,
        Self::SecondFactorUser,
        Self::ResetTokenNetwork,
        Self::TenantsUser,
        Self::InvitationsUser,
        Self::InvitationsTenant,
        Self::InvitationsAddress,
        Self::StaffLooksUser,
        Self::StaffChangesUser,
        Self::MailedCodeAddress,
        Self::PictureUser,
        Self::ReadsUser,
        Self::AnonymousNetwork,
        Self::PictureReadsNetwork,
    ];

    /// Its name, in rows and in the `RateLimit` headers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LogInNetwork => "log-in-network",
            Self::LogInAddress => "log-in-address",
            Self::LogInDevice => "log-in-device",
            Self::SignUpNetwork => "sign-up",
            Self::MailAddress => "mail-address",
            Self::MailNetwork => "mail",
            Self::CurrentPassword => "current-password",
            Self::CurrentPasswordInARow => "current-password-in-a-row",
            Self::SecondFactorUser => "second-factor",
            Self::ResetTokenNetwork => "mailed-token",
            Self::TenantsUser => "tenants",
            Self::InvitationsUser => "invitations",
            Self::InvitationsTenant => "invitations-tenant",
            Self::InvitationsAddress => "invitations-address",
            Self::StaffLooksUser => "staff-looks",
            Self::StaffChangesUser => "staff-changes",
            Self::MailedCodeAddress => "mailed-code",
            Self::PictureUser => "picture",
            Self::ReadsUser => "reads",
            Self::AnonymousNetwork => "anonymous",
            Self::PictureReadsNetwork => "picture-reads",
        }
    }

    /// What it allows; `None` for nothing to hold to.
    ///
    /// The default profile's numbers are decisions of ours, told in `docs/limits.md`; NIST SP 800-63B-4, section 3.2.2 (no
    /// more than 100 wrong passwords in a row) bounds the relaxed one.
    #[must_use]
    pub const fn rule(self, profile: LimitProfile) -> Option<Rule> {
        const MINUTE: Duration = Duration::minutes(1);
        const FIVE: Duration = Duration::minutes(5);
        const TEN: Duration = Duration::minutes(10);
        const QUARTER: Duration = Duration::minutes(15);
        const HALF: Duration = Duration::minutes(30);
        const HOUR: Duration = Duration::hours(1);
        const DAY: Duration = Duration::days(1);
        // As long as a remembered session may live.
        const MONTH: Duration = Duration::days(30);
        let (relaxed, default, strict) = match self {
            Self::LogInNetwork => (per(1000, FIVE), per(100, FIVE), per(20, MINUTE)),
            Self::LogInAddress => (
                locking(20, QUARTER, FIVE),
                locking(5, QUARTER, HALF),
                locking(5, QUARTER, HOUR),
            ),
            Self::LogInDevice | Self::SecondFactorUser => (per(40, QUARTER), per(10, QUARTER), per(5, QUARTER)),
            Self::SignUpNetwork => (per(600, TEN), per(60, TEN), per(10, HOUR)),
            Self::MailAddress => (per(30, HOUR), per(3, HOUR), per(1, HOUR)),
            Self::MailNetwork | Self::ResetTokenNetwork => (per(300, HOUR), per(30, HOUR), per(10, HOUR)),
            Self::CurrentPassword => (per(20, QUARTER), per(5, QUARTER), per(3, QUARTER)),
            Self::CurrentPasswordInARow => (per(40, MONTH), per(10, MONTH), per(6, MONTH)),
            Self::TenantsUser => (per(200, DAY), per(20, DAY), per(5, DAY)),
            Self::InvitationsUser | Self::InvitationsTenant => (per(500, DAY), per(50, DAY), per(20, DAY)),
            Self::InvitationsAddress => (per(50, DAY), per(5, DAY), per(3, DAY)),
            Self::StaffLooksUser => (per(600, MINUTE), per(60, MINUTE), per(30, MINUTE)),
            Self::StaffChangesUser => (per(600, HOUR), per(60, HOUR), per(20, HOUR)),
            Self::MailedCodeAddress => (per(100, HOUR), per(10, HOUR), per(5, HOUR)),
            Self::PictureUser => (per(200, HOUR), per(20, HOUR), per(10, HOUR)),
            // Whole lots, so that what a node serves from its own adds up to the quota.
            Self::ReadsUser => (per(10_000, MINUTE), per(1000, MINUTE), per(500, MINUTE)),
            Self::AnonymousNetwork => (per(3000, MINUTE), per(300, MINUTE), per(100, MINUTE)),
            Self::PictureReadsNetwork => (per(20_000, MINUTE), per(2000, MINUTE), per(1000, MINUTE)),
        };
        match profile {
            LimitProfile::Off => None,
            LimitProfile::Relaxed => Some(relaxed),
            LimitProfile::Default => Some(default),
            LimitProfile::Strict => Some(strict),
        }
    }

    /// How much a node takes at once to serve from its own. Counting every read in the shared store would make every
    /// read a write.
    #[must_use]
    pub const fn lot(self) -> u32 {
        match self {
            Self::ReadsUser | Self::AnonymousNetwork | Self::PictureReadsNetwork => 50,
            _ => 1,
        }
    }
}
