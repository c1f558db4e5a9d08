//! Who is staff.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, StaffRole, Timestamp, UserId};

use super::PortError;
use crate::AuditEvent;

/// Somebody of the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// What they are.
    pub role: StaffRole,
    /// Since when they have this role.
    pub since: Timestamp,
}

/// Somebody is made staff, or is given another role, decided. Afterwards they have this role and no other, and the event is
/// written.
#[derive(Clone, Debug)]
pub struct StaffGrant {
    /// Who.
    pub user: UserId,
    /// What they become.
    pub role: StaffRole,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// Keeps who is staff. People that are deleted are none.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait StaffStore: Send + Sync {
    /// What this person is.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn role_of(&self, user: &UserId) -> Result<Option<StaffRole>, PortError>;

    /// Everybody of the staff, by address.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn list(&self) -> Result<Vec<StaffMember>, PortError>;

    /// Gives somebody a role. `false` when there is no such person any more; nothing was written then.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn grant(&self, grant: &StaffGrant) -> Result<bool, PortError>;

    /// Takes somebody's role away and writes the event: what they are about to do by it is not done any more. `false` when they
    /// have none; nothing was written then.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn revoke(&self, user: &UserId, event: &AuditEvent) -> Result<bool, PortError>;
}
