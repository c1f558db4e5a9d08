//! Signing in.

mod admission;
mod notice;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, DeviceToken, EmailAddress, PasswordAttempt, SessionToken, Timestamp, UserId};
use thiserror::Error;

use crate::ports::{HasherError, PortError};
use crate::{Refusal, ThrottleError};

pub use service::AuthenticationService;

/// Somebody says who they are.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// The address.
    pub email: EmailAddress,
    /// What they typed.
    pub password: PasswordAttempt,
    /// Whether the session should outlive the browser.
    pub remember_me: bool,
    /// The session this browser holds, which ends with a successful sign-in.
    pub held: Option<SessionToken>,
    /// What this browser shows to say that somebody has signed in with it before.
    pub device: Option<DeviceToken>,
    /// From where.
    pub caller: Caller,
}

/// A session has begun.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// Who is signed in.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// The secret for the cookie.
    pub token: SessionToken,
    /// When the session ends however busy it is.
    pub expires: Timestamp,
    /// Whether the cookie should outlive the browser.
    pub remembered: bool,
    /// By which this browser is known from now on.
    pub device: DeviceToken,
}

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum LogInError {
    /// No such address, another password, a shut account: nobody can tell which.
    #[error("invalid e-mail or password")]
    InvalidCredentials,
    /// Too many attempts, right or wrong, whether or not the address belongs to anybody.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<ThrottleError> for LogInError {
    fn from(error: ThrottleError) -> Self {
        match error {
            ThrottleError::Refused(refusal) => Self::Throttled(refusal),
            ThrottleError::Port(error) => Self::Port(error),
        }
    }
}

impl From<HasherError> for LogInError {
    fn from(error: HasherError) -> Self {
        match error {
            HasherError::Busy => Self::Busy,
            HasherError::Port(error) => Self::Port(error),
        }
    }
}

/// Signing in with a password.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Authentication: Send + Sync {
    /// Opens a session for whoever knows the password. An unknown address costs what a known one costs: the same hash,
    /// the same statements, the same event, the same lock and a mail to nobody.
    ///
    /// Attempts are counted before anything is looked up. One from a device the person has signed in with counts against
    /// that device alone; all others count against their network and against the address, which they can lock for
    /// each other and never for the device.
    ///
    /// # Errors
    /// [`LogInError`]; then there is no session.
    async fn log_in(&self, log_in: LogIn) -> Result<LoggedIn, LogInError>;
}
