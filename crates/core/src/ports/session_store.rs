//! Sessions: finding, listing, touching, renewing, ending them.

use std::net::IpAddr;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{AuthMethod, Profile, Session, SessionId, TenantId, Timestamp, TokenDigest, UserId};

use super::PortError;
use crate::AuditEvent;

/// Somebody with a live session, and who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The person, inside the session's tenant.
    pub profile: Profile,
}

/// A session was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTouch {
    /// Which.
    pub session: SessionId,
    /// Whose.
    pub user: UserId,
    /// The new `last seen`.
    pub seen: Timestamp,
    /// The new end of idleness.
    pub idle_expires: Timestamp,
}

/// A live session as its owner finds it in the list of all of theirs. It opens nothing: neither token nor digest is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// Its name.
    pub id: SessionId,
    /// Whether the cookie outlives the browser.
    pub remembered: bool,
    /// How the person proved who they are.
    pub methods: Vec<AuthMethod>,
    /// When the session began.
    pub created: Timestamp,
    /// When it was last used, to [a minute](Session::TOUCH_INTERVAL).
    pub last_seen: Timestamp,
    /// When it ends however busy it is.
    pub expires: Timestamp,
    /// The network address it was opened from.
    pub address: Option<IpAddr>,
    /// What the client that opened it calls itself.
    pub user_agent: Option<String>,
}

/// Somebody proved again who they are, decided. Afterwards the session goes on under its new token alone, with
/// `authenticated` set to `at` and these methods, and the event is written.
#[derive(Clone, Debug)]
pub struct SessionRenewal {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub session: SessionId,
    /// The token it was asked with. If the session goes by another one by now, or has ended, nothing is written: of
    /// several renewals racing from one token exactly one wins.
    pub held: TokenDigest,
    /// The token it goes on under.
    pub new_digest: TokenDigest,
    /// How the person has proved who they are, the last proof included.
    pub methods: Vec<AuthMethod>,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// Somebody ends sessions of theirs, decided. Whoever has been signed out meanwhile ends nothing any more: of two
/// sessions that end each other exactly one goes on.
#[derive(Clone, Debug)]
pub struct SessionRevocation {
    /// Whose sessions.
    pub user: UserId,
    /// The live session that asks, which goes on.
    pub by: SessionId,
    /// Which of the others end.
    pub revoked: Revoked,
    /// The event, written when any has ended.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// Which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// This one.
    One(SessionId),
    /// All but the one that asks.
    AllOthers,
}

/// What became of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// So many live sessions have ended. With none, nothing was written.
    Ended(u64),
    /// The session that asked had ended before; nothing was written.
    NotSignedIn,
}

/// Somebody goes on in another of their tenants, decided. Afterwards the session is in this tenant, ends no later and falls
/// idle no later than it says here, and the event is written. Whoever is no member at that moment goes nowhere: the
/// membership is the condition, and one that is being ended is waited for.
#[derive(Clone, Debug)]
pub struct TenantSwitch {
    /// Whose session.
    pub user: UserId,
    /// The live session.
    pub session: SessionId,
    /// Where it goes on.
    pub tenant: TenantId,
    /// Longest pause between two requests from now on.
    pub idle: Duration,
    /// When it ends however busy it is, from now on.
    pub expires: Timestamp,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// What became of a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwitchOutcome {
    /// The session is in the tenant, on every node with its next request.
    Switched,
    /// The person is no member, or there is no such tenant; nothing was written.
    NotAMember,
    /// The session has ended; nothing was written.
    NotSignedIn,
}

/// Keeps sessions. There is no cache: what one node ends, every node sees ended with its next request.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// The live session with this token and its person's profile, in one statement. `None` for unknown, ended and
    /// expired ones and for deleted people. Roles and tenant are those of the membership as it is now; without one the
    /// session has no tenant.
    ///
    /// What tenants ask is what they ask now: the session ends when the policy of its tenant lets it, and a second factor is
    /// due by the earliest deadline of any tenant its person belongs to, which is a grace after the tenant began to ask or
    /// they joined, whichever is later. For whoever has one nothing is due.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn resolve(&self, digest: &TokenDigest, now: &Timestamp) -> Result<Option<SignedIn>, PortError>;

    /// Writes "last seen". Never moves it back, never revives an ended session.
    ///
    /// # Errors
    /// [`PortError`] when it could not be written.
    async fn touch(&self, touch: &SessionTouch) -> Result<(), PortError>;

    /// Ends a session and writes the event. `false` when it had ended before, and then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then the session is as it was.
    async fn end(&self, session: &SessionId, event: &AuditEvent) -> Result<bool, PortError>;

    /// The live sessions of a person, the most recently used first; those used in the same moment, the newer first. At
    /// most [`Session::MAX_PER_USER`] of them.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn list(&self, user: &UserId, now: &Timestamp) -> Result<Vec<ListedSession>, PortError>;

    /// Gives a live session a new token. `false` when it has ended or goes by another token by now.
    ///
    /// # Errors
    /// [`PortError`]; then the session is as it was.
    async fn renew(&self, renewal: &SessionRenewal) -> Result<bool, PortError>;

    /// Ends other sessions of a person.
    ///
    /// # Errors
    /// [`PortError`]; then every session is as it was.
    async fn revoke(&self, revocation: &SessionRevocation) -> Result<RevocationOutcome, PortError>;

    /// Moves a session into another tenant of its person.
    ///
    /// # Errors
    /// [`PortError`]; then the session is as it was.
    async fn switch_tenant(&self, switch: &TenantSwitch) -> Result<SwitchOutcome, PortError>;
}
