//! Making people staff, at the command line alone.

mod service;

use async_trait::async_trait;
use rookery_domain::{EmailAddress, StaffRole};
use thiserror::Error;

use crate::Overseer;
use crate::ports::{PortError, StaffMember};

pub use service::StaffService;

/// Why somebody is what they were.
#[derive(Debug, Error)]
pub enum StaffError {
    /// No account has this address.
    #[error("no account has this address")]
    NotFound,
    /// They have no staff role.
    #[error("the account with this address is not staff")]
    NotStaff,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Who is staff. No door of the network leads here: whoever may type at the service's command line decides.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Staff: Send + Sync {
    /// Gives somebody this role and no other.
    ///
    /// # Errors
    /// [`StaffError`]; then they are what they were.
    async fn grant(&self, by: &Overseer, email: &EmailAddress, role: StaffRole) -> Result<StaffMember, StaffError>;

    /// Takes somebody's role away, and says what they were.
    ///
    /// # Errors
    /// [`StaffError`]; then they are what they were.
    async fn revoke(&self, by: &Overseer, email: &EmailAddress) -> Result<StaffMember, StaffError>;

    /// Everybody of the staff, by address.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn list(&self) -> Result<Vec<StaffMember>, PortError>;
}
