//! "That was not me": taking back what somebody else has changed.

mod service;

use async_trait::async_trait;
use rookery_domain::Caller;
use thiserror::Error;

use crate::ports::PortError;

pub use service::RestorationService;

/// Why nothing was taken back.
#[derive(Debug, Error)]
pub enum RestorationError {
    /// Unknown, used, void, expired, for another purpose: nobody can tell which.
    #[error("invalid or expired token")]
    InvalidToken,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
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
