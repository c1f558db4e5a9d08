//! Proving that somebody reads their mailbox.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, EmailAddress};
use thiserror::Error;

use crate::passing_on::may_be_throttled;
use crate::ports::PortError;
use crate::{MailedProof, Refusal};

pub use service::VerificationService;

/// Why an address was not verified.
#[derive(Debug, Error)]
pub enum VerificationError {
    /// No such token, or not one of this kind, or void.
    #[error("the token is unknown")]
    InvalidToken,
    /// The token was good until a moment ago.
    #[error("the token has expired")]
    TokenExpired,
    /// The token has done its work before.
    #[error("the token was used before")]
    TokenAlreadyUsed,
    /// Too many codes have been tried at this address, whether or not it belongs to anybody.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(VerificationError);

/// Verifying an address.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Verification: Send + Sync {
    /// Uses the token up, shown itself or by the code beside it, and verifies the address it was mailed to, which is the
    /// answer. A first verification is
    /// followed by a welcome mail.
    ///
    /// # Errors
    /// [`VerificationError`]; then nothing has changed.
    async fn verify(&self, proof: &MailedProof, caller: &Caller) -> Result<EmailAddress, VerificationError>;

    /// Mails a new link, if the address belongs to an account that is not verified. Nobody can tell from the answer, nor
    /// from the time or the work it took, whether it does.
    ///
    /// # Errors
    /// [`PortError`], for known and unknown addresses alike.
    async fn resend(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError>;
}
