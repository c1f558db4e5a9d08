//! Getting back in without the password.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, EmailAddress, Password, Violations};
use thiserror::Error;

use crate::passing_on::{may_be_busy, may_be_throttled};
use crate::ports::PortError;
use crate::{MailedProof, Refusal};

pub use service::RecoveryService;

/// Somebody shows a mailed token, or the code beside it, and sets a new password.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// What they show.
    pub proof: MailedProof,
    /// The password they chose, judged by the installation's rules; what is known of the person comes on top.
    pub new_password: Password,
    /// From where.
    pub caller: Caller,
}

/// Why a password was not reset.
#[derive(Debug, Error)]
pub enum RecoveryError {
    /// Unknown, used, void, expired, for another purpose: nobody can tell which.
    #[error("invalid or expired reset token")]
    InvalidToken,
    /// The person's own rules refuse the password. The token is still good.
    #[error("the new password is not acceptable: {0}")]
    Invalid(Violations),
    /// Too many passwords are waiting to be hashed. The token is still good.
    #[error("the password hasher is busy")]
    Busy,
    /// Too many codes have been tried at this address, whether or not it belongs to anybody.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(RecoveryError);
may_be_busy!(RecoveryError);

/// Recovering an account through its mailbox.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Recovery: Send + Sync {
    /// Mails a reset link, if the address belongs to an account. Nobody can tell from the answer, nor from the time or
    /// the work it took, whether it does.
    ///
    /// # Errors
    /// [`PortError`], for known and unknown addresses alike.
    async fn request(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError>;

    /// Uses the token up and sets the password. Ends every session, verifies the address, signs nobody in.
    ///
    /// # Errors
    /// [`RecoveryError`]; then nothing has changed.
    async fn reset(&self, reset: ResetPassword) -> Result<(), RecoveryError>;
}
