//! What an operator does at the command line.

mod service;

use async_trait::async_trait;
use rookery_domain::EmailAddress;
use thiserror::Error;

use crate::ports::{Account, AccountChange, PortError};
use crate::{OversightError, Registered, RegistrationError, SignUp};

pub use service::AdministrationService;

/// Why an operator's wish was not done.
#[derive(Debug, Error)]
pub enum AdministrationError {
    /// No account has this address.
    #[error("no account has this address")]
    NotFound,
    /// It was refused.
    #[error(transparent)]
    Refused(OversightError),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Accounts in an operator's hands. Every change leaves an event.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Administration: Send + Sync {
    /// Makes an account as a sign-up would.
    ///
    /// # Errors
    /// [`RegistrationError`].
    async fn create(&self, sign_up: SignUp) -> Result<Registered, RegistrationError>;

    /// Shows an account.
    ///
    /// # Errors
    /// [`AdministrationError`].
    async fn show(&self, email: &EmailAddress) -> Result<Account, AdministrationError>;

    /// Changes an account's state and answers with what it is then.
    ///
    /// # Errors
    /// [`AdministrationError`]; then nothing has changed.
    async fn change(&self, email: &EmailAddress, change: AccountChange) -> Result<Account, AdministrationError>;
}
