//! Making an account.

mod service;

use async_trait::async_trait;
use rookery_domain::{
    Caller, CompanyName, DisplayName, EmailAddress, FamilyName, GivenName, Language, Password, TimeZone, UserId,
};
use thiserror::Error;

use crate::ConsentChoice;
use crate::passing_on::may_be_busy;
use crate::ports::PortError;

pub use service::RegistrationService;

/// Somebody wants an account.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// Their address.
    pub email: EmailAddress,
    /// The password they chose, judged with their address and names in mind.
    pub password: Password,
    /// How they want to be addressed.
    pub name: Option<DisplayName>,
    /// First name or names.
    pub given_name: Option<GivenName>,
    /// Last name or names.
    pub family_name: Option<FamilyName>,
    /// The organisation to make a tenant for, with the person as its owner.
    pub company_name: Option<CompanyName>,
    /// Language of pages and mails.
    pub language: Option<Language>,
    /// Zone times are shown in.
    pub timezone: Option<TimeZone>,
    /// Whether they accepted the terms; recorded with the event.
    pub accept_terms: Option<bool>,
    /// What they agree to, judged against what the installation asks for.
    pub consents: ConsentChoice,
    /// From where.
    pub caller: Caller,
}

/// The account that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The person.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
}

/// Why no account was made.
#[derive(Debug, Error)]
pub enum RegistrationError {
    /// The address belongs to an account already.
    #[error("the address is taken")]
    EmailTaken,
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_busy!(RegistrationError);

/// Signing up.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Registration: Send + Sync {
    /// Makes the account and mails a verification link. Nobody is signed in by it.
    ///
    /// # Errors
    /// [`RegistrationError`]; then there is no account.
    async fn register(&self, sign_up: SignUp) -> Result<Registered, RegistrationError>;

    /// The same for installations that tell nobody who has an account: makes the account if the address is free, and
    /// writes to its owner if it is not, at most three times an hour. Nobody can tell from the answer, nor from the time or
    /// the work it took, which of the two it was.
    ///
    /// # Errors
    /// [`RegistrationError`], for free and taken addresses alike, and never [`RegistrationError::EmailTaken`].
    async fn register_discreetly(&self, sign_up: SignUp) -> Result<(), RegistrationError>;
}
