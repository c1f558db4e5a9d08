//! Being signed in.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, SessionId, SessionToken};
use thiserror::Error;

use crate::ReauthenticationRequired;
use crate::ports::{ListedSession, PortError, SignedIn};

pub use service::SessionService;

/// Why somebody does not count as signed in.
#[derive(Debug, Error)]
pub enum SessionError {
    /// No such session, or it has ended.
    #[error("not signed in")]
    NotSignedIn,
    /// Something below failed; whether there is a session is not known.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Which session of theirs somebody has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedSession {
    /// The one they asked with: they are signed out.
    Current,
    /// Another one.
    Other,
}

/// Why a session was not ended.
#[derive(Debug, Error)]
pub enum EndSessionError {
    /// The session that asks has ended meanwhile.
    #[error("not signed in")]
    NotSignedIn,
    /// None of theirs has this name: there is none, it has ended, or it is somebody else's. Nobody can tell which.
    #[error("no such session")]
    NoSuchSession,
    /// Ending another session needs a fresh proof of who one is.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What holding a session token is good for.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Who holds this token. Using a session keeps it from falling idle.
    ///
    /// # Errors
    /// [`SessionError`]: never a guess when the store does not answer.
    async fn authenticate(&self, token: &SessionToken) -> Result<SignedIn, SessionError>;

    /// Ends the session.
    ///
    /// # Errors
    /// [`SessionError::NotSignedIn`] when it had ended before.
    async fn log_out(&self, token: &SessionToken, caller: &Caller) -> Result<(), SessionError>;

    /// All live sessions of the person, the most recently used first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn list(&self, signed_in: &SignedIn) -> Result<Vec<ListedSession>, PortError>;

    /// Ends one of the person's sessions, on every node with its next request. Another one than the one that asks needs a
    /// [fresh proof](crate::require_fresh): whoever finds a browser open must not sign its owner out elsewhere.
    ///
    /// # Errors
    /// [`EndSessionError`]; then nothing has ended.
    async fn end(
        &self,
        signed_in: &SignedIn,
        session: &SessionId,
        caller: &Caller,
    ) -> Result<EndedSession, EndSessionError>;

    /// Ends all of the person's sessions but the one that asks, and says how many those were. Needs a fresh proof.
    ///
    /// # Errors
    /// [`EndSessionError`]; then nothing has ended.
    async fn end_others(&self, signed_in: &SignedIn, caller: &Caller) -> Result<u64, EndSessionError>;
}
