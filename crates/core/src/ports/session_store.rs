//! Sessions: finding, touching, ending them.

use async_trait::async_trait;
use rookery_domain::{Profile, Session, SessionId, Timestamp, TokenDigest, UserId};

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

/// Keeps sessions. There is no cache: what one node ends, every node sees ended with its next request.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// The live session with this token and its person's profile, in one statement. `None` for unknown, ended and
    /// expired ones and for deleted people. Roles and tenant are those of the membership as it is now; without one the
    /// session has no tenant.
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
}
