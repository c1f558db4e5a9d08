//! Answering an invitation into a tenant.

mod enrolment;
mod letters;
mod service;

use async_trait::async_trait;
use rookery_domain::{
    Caller, DeviceToken, DisplayName, EmailAddress, FamilyName, GivenName, Language, PasswordAttempt, Role,
    SessionToken, TenantSummary, TimeZone, Timestamp, Violations,
};
use thiserror::Error;

use crate::LoggedIn;
use crate::passing_on::may_be_busy;
use crate::ports::{PortError, SignedIn};

pub use service::JoiningService;

/// Somebody accepts an invitation.
#[derive(Clone, Debug)]
pub struct AcceptInvitation {
    /// The token out of the mail, as it was sent.
    pub token: String,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// Who they are, for whoever has no account yet.
    pub newcomer: NewcomerDraft,
    /// The session this browser holds, which ends when another one begins.
    pub held: Option<SessionToken>,
    /// What this browser shows to say that somebody has signed in with it before.
    pub device: Option<DeviceToken>,
    /// From where.
    pub caller: Caller,
}

/// What somebody says of themselves who has no account yet.
#[derive(Clone, Debug, Default)]
pub struct NewcomerDraft {
    /// The password they choose; needed.
    pub password: Option<PasswordAttempt>,
    /// How they want to be addressed.
    pub name: Option<DisplayName>,
    /// First name or names.
    pub given_name: Option<GivenName>,
    /// Last name or names.
    pub family_name: Option<FamilyName>,
    /// Language of pages and mails.
    pub language: Option<Language>,
    /// Zone times are shown in.
    pub timezone: Option<TimeZone>,
}

/// An invitation as whoever was invited sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownInvitation {
    /// What the tenant is called.
    pub tenant_name: String,
    /// How whoever invites wants to be addressed.
    pub inviter_name: Option<String>,
    /// Their address.
    pub inviter_email: EmailAddress,
    /// Where it was mailed to.
    pub email: EmailAddress,
    /// What whoever accepts it may do.
    pub roles: Vec<Role>,
    /// What was written to them.
    pub note: Option<String>,
    /// When its link ends.
    pub expires: Timestamp,
    /// Whether it has ended.
    pub is_expired: bool,
    /// What leads into the tenant.
    pub next: JoiningStep,
}

/// What somebody does next to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoiningStep {
    /// They say who they are and choose a password: there is no account with the address, or none that is proved to be anybody's.
    Enrol,
    /// They sign in with the address.
    SignIn,
    /// They accept.
    Join,
    /// They sign out, for they are signed in as somebody else.
    SignOut,
    /// Nothing: they belong to the tenant.
    Nothing,
}

/// Somebody belongs to a tenant now.
#[derive(Clone, Debug)]
pub enum Joined {
    /// With the account they are signed in to. The session is where it was.
    Member(TenantSummary),
    /// With an account that was made for it, and a session in the tenant.
    Newcomer(TenantSummary, LoggedIn),
}

/// Why an invitation leads nowhere.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DeadInvitation {
    /// Nothing was ever mailed with this token, or the tenant is gone.
    #[error("no such invitation")]
    Unknown,
    /// It was mailed again: the link in the newest mail is the one that works.
    #[error("a newer mail replaces this link")]
    Superseded,
    /// Nobody followed it in time.
    #[error("the invitation has expired")]
    Expired,
    /// Whoever invited may not do so any more.
    #[error("whoever invited may not do so any more")]
    Void,
    /// It was taken back.
    #[error("the invitation was taken back")]
    Revoked,
    /// It was accepted.
    #[error("the invitation was accepted")]
    Accepted,
    /// It was declined.
    #[error("the invitation was declined")]
    Declined,
}

impl DeadInvitation {
    /// Every reason there is.
    pub const ALL: &'static [Self] = &[
        Self::Unknown,
        Self::Superseded,
        Self::Expired,
        Self::Void,
        Self::Revoked,
        Self::Accepted,
        Self::Declined,
    ];
}

/// Why nobody joined.
#[derive(Debug, Error)]
pub enum JoiningError {
    /// The invitation leads nowhere.
    #[error(transparent)]
    Dead(#[from] DeadInvitation),
    /// There is an account with the address: whoever accepts signs in to it first.
    #[error("the account of the address must be signed in to first")]
    SignInRequired,
    /// Whoever is signed in has another address.
    #[error("signed in as somebody else")]
    SignedInAsSomeoneElse,
    /// They belong to the tenant already.
    #[error("they belong to the tenant already")]
    AlreadyMember,
    /// The address is kept for somebody who may still undo a change of it.
    #[error("the address is taken")]
    EmailTaken,
    /// Fields are missing or broken. The invitation is still good.
    #[error("who joins is not acceptable: {0}")]
    Invalid(Violations),
    /// Too many passwords are waiting to be hashed. The invitation is still good.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_busy!(JoiningError);

/// Answering an invitation. Only who shows its token learns anything of it: the mail is the proof that they read the mailbox.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Joining: Send + Sync {
    /// What the invitation is about, and what leads on. Uses nothing up.
    ///
    /// # Errors
    /// [`JoiningError::Dead`], except for one that has expired: that is shown.
    async fn show(&self, token: &str, signed_in: Option<SignedIn>) -> Result<ShownInvitation, JoiningError>;

    /// Accepts it. Whoever is signed in with its address joins with that account; for whoever is not, and has no account, one is
    /// made, with a verified address and a session in the tenant. An account that somebody has made with the address without
    /// proving it to be theirs keeps nobody out and lets nobody in: it is emptied, and whoever shows the token has it.
    ///
    /// # Errors
    /// [`JoiningError`]; then nothing has changed.
    async fn accept(&self, accept: AcceptInvitation) -> Result<Joined, JoiningError>;

    /// Declines it.
    ///
    /// # Errors
    /// [`JoiningError`]; then nothing has changed.
    async fn decline(&self, token: &str, caller: &Caller) -> Result<(), JoiningError>;
}
