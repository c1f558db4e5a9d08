//! Signing in.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, EmailAddress, PasswordAttempt, SessionToken, Timestamp, UserId};
use thiserror::Error;

use crate::ports::{HasherError, PortError};

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
}

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum LogInError {
    /// No such address, another password, a shut account: nobody can tell which.
    #[error("invalid e-mail or password")]
    InvalidCredentials,
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
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
    /// the same statements, the same event.
    ///
    /// # Errors
    /// [`LogInError`]; then there is no session.
    async fn log_in(&self, log_in: LogIn) -> Result<LoggedIn, LogInError>;
}
