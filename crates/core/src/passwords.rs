//! Changing a password one knows.

mod judgement;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, DeviceToken, Password, PasswordAttempt, SessionToken, Timestamp, Violations};
use thiserror::Error;

use crate::Refusal;
use crate::passing_on::{may_be_busy, may_be_throttled};
use crate::ports::{PortError, SignedIn};

pub(crate) use judgement::acceptable;
pub use service::PasswordService;

/// Somebody changes their password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// What they say it is now.
    pub current_password: PasswordAttempt,
    /// The password they chose, judged by the installation's rules; what is known of the person comes on top.
    pub new_password: Password,
    /// What this browser shows to say that somebody has signed in with it: it stays known, the person's others do not.
    pub device: Option<DeviceToken>,
    /// From where.
    pub caller: Caller,
}

/// The session goes on, under a new token.
#[derive(Clone, Debug)]
pub struct RenewedSession {
    /// The new secret for the cookie.
    pub token: SessionToken,
    /// When the session ends however busy it is.
    pub expires: Timestamp,
    /// Whether the cookie should outlive the browser.
    pub remembered: bool,
}

/// Why a password was not changed.
#[derive(Debug, Error)]
pub enum ChangePasswordError {
    /// The session ended meanwhile.
    #[error("not signed in")]
    NotSignedIn,
    /// The new password is not acceptable.
    #[error("the new password is not acceptable: {0}")]
    Invalid(Violations),
    /// The current password is another one.
    #[error("the current password is incorrect")]
    WrongPassword,
    /// Too many wrong ones, here or wherever else a signed-in person is asked who they are.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(ChangePasswordError);
may_be_busy!(ChangePasswordError);

/// A signed-in person's own password.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Passwords: Send + Sync {
    /// Changes it, renews this session's token, ends every other session, and tells the owner by mail. The current
    /// password is counted before it is looked at; the tenth wrong one in a row ends the session.
    ///
    /// # Errors
    /// [`ChangePasswordError`]; then nothing has changed.
    async fn change(&self, signed_in: &SignedIn, change: ChangePassword)
    -> Result<RenewedSession, ChangePasswordError>;
}
