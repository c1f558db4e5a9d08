//! "That was not me": taking back what somebody else has changed.

mod service;

use async_trait::async_trait;
use rookery_domain::Caller;
use thiserror::Error;

use crate::ports::PortError;
use crate::{Refusal, ThrottleError};

pub use service::RestorationService;

/// Why nothing was taken back.
#[derive(Debug, Error)]
pub enum RestorationError {
    /// Unknown, used, void, expired, for another purpose: nobody can tell which.
    #[error("invalid or expired token")]
    InvalidToken,
    /// Too many tokens were shown.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<ThrottleError> for RestorationError {
    fn from(error: ThrottleError) -> Self {
        match error {
            ThrottleError::Refused(refusal) => Self::Throttled(refusal),
            ThrottleError::Port(error) => Self::Port(error),
        }
    }
}

/// Giving an account back to its owner.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Restoration: Send + Sync {
    /// Uses the token of a mail about a change up: the account has the address and the second factors it had before that
    /// change, whatever has been changed since; everybody is signed out, no password opens it, and a mail to the restored
    /// address leads to a new one. Links of mails about later changes are void, so whoever made them has no way back.
    ///
    /// # Errors
    /// [`RestorationError`]; then nothing has changed.
    async fn undo(&self, token: &str, caller: &Caller) -> Result<(), RestorationError>;
}
