//! Changing one's address.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, EmailAddress, PasswordAttempt, Violations};
use thiserror::Error;

use crate::Refusal;
use crate::passing_on::{may_be_busy, may_be_throttled};
use crate::ports::{PortError, SignedIn};

pub use service::AddressService;

/// Somebody wants another address.
#[derive(Clone, Debug)]
pub struct ChangeEmail {
    /// The address they want.
    pub new_email: EmailAddress,
    /// What they say their password is.
    pub password: PasswordAttempt,
    /// From where.
    pub caller: Caller,
}

/// Why a change of address was not begun.
#[derive(Debug, Error)]
pub enum ChangeEmailError {
    /// The session ended meanwhile.
    #[error("not signed in")]
    NotSignedIn,
    /// The new address is the one they have.
    #[error("the new address is not acceptable: {0}")]
    Invalid(Violations),
    /// The password is another one.
    #[error("the current password is incorrect")]
    WrongPassword,
    /// The address belongs to somebody else, or is kept for them; said only where sign-up says so, too.
    #[error("the email address belongs to an account already")]
    EmailTaken,
    /// Too many wrong passwords, or too many mails.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_busy!(ChangeEmailError);
may_be_throttled!(ChangeEmailError);

/// Why a change of address was not confirmed.
#[derive(Debug, Error)]
pub enum ConfirmEmailError {
    /// Unknown, used, void, expired, for another purpose: nobody can tell which.
    #[error("invalid or expired token")]
    InvalidToken,
    /// Somebody else has got the address meanwhile. The token is as good as it was.
    #[error("the email address belongs to an account already")]
    EmailTaken,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A signed-in person's own address. Nothing changes until the new mailbox has confirmed: mail, sign-in and recovery go by
/// the address as it is.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Addresses: Send + Sync {
    /// Asks the new mailbox to confirm and tells the old one. A newer wish replaces the older.
    ///
    /// # Errors
    /// [`ChangeEmailError`]; then nothing has changed.
    async fn request(&self, signed_in: &SignedIn, change: ChangeEmail) -> Result<(), ChangeEmailError>;

    /// Calls the change off, if one waits.
    ///
    /// # Errors
    /// [`PortError`]; then nothing has changed.
    async fn cancel(&self, signed_in: &SignedIn, caller: &Caller) -> Result<(), PortError>;

    /// Uses the mailed token up, changes the address and says which one it is now. Ends every session but the one that
    /// asked, and every token mailed to the old address.
    ///
    /// # Errors
    /// [`ConfirmEmailError`]; then nothing has changed.
    async fn confirm(&self, token: &str, caller: &Caller) -> Result<EmailAddress, ConfirmEmailError>;
}
