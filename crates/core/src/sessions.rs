//! Being signed in.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, SessionToken};
use thiserror::Error;

use crate::ports::{PortError, SignedIn};

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
}
