//! Reading and changing one's profile.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, Profile, ProfileUpdate, SessionToken, Violations};
use thiserror::Error;

use crate::SessionError;
use crate::ports::{PortError, SignedIn};

pub use service::ProfileService;

/// Why a profile was not changed.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The update names nothing to change.
    #[error("the update is not acceptable: {0}")]
    Invalid(Violations),
    /// There is no such person any more.
    #[error("no such user")]
    NotFound,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A signed-in person's profile and preferences.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Profiles: Send + Sync {
    /// The profile of whoever holds this token: authenticating and reading are one statement.
    ///
    /// # Errors
    /// [`SessionError`].
    async fn read(&self, token: &SessionToken) -> Result<Profile, SessionError>;

    /// Changes what the update names and answers with the whole profile.
    ///
    /// # Errors
    /// [`ProfileError`]; then nothing has changed.
    async fn update(
        &self,
        signed_in: &SignedIn,
        update: ProfileUpdate,
        caller: &Caller,
    ) -> Result<Profile, ProfileError>;
}
