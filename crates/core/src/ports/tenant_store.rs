//! Tenants: making them, finding one's own, renaming them.

use async_trait::async_trait;
use rookery_domain::{Membership, Role, TenantId, TenantName, Timestamp, UserId};

use super::PortError;
use crate::AuditEvent;

/// A tenant to be made, decided. Either all of it is there afterwards or none: the tenant, the person as its owner under
/// the address they have then, and the event.
#[derive(Clone, Debug)]
pub struct TenantFounding {
    /// Its id.
    pub tenant: TenantId,
    /// Its name.
    pub name: TenantName,
    /// Whose it is.
    pub owner: UserId,
    /// Whether it is made only if they belong to no other. Of several racing, one is made then.
    pub only_as_first: bool,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundingOutcome {
    /// The tenant is there.
    Founded,
    /// The person belongs to another one, and it should have been their first; nothing was written.
    NotTheFirst,
    /// There is no such person any more; nothing was written.
    NoSuchPerson,
}

/// What somebody was in a tenant when a decision was made that rests on it. If their roles are others by the time of the
/// write, or they are no member any more, nothing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub user: UserId,
    /// Their roles, in whatever order.
    pub roles: Vec<Role>,
}

/// A tenant gets another name, decided.
#[derive(Clone, Debug)]
pub struct TenantRenaming {
    /// Which.
    pub tenant: TenantId,
    /// Who renames it.
    pub by: Standing,
    /// The new name.
    pub name: TenantName,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// Keeps tenants. Tenants and people that are deleted, and memberships that have ended, are not there.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait TenantStore: Send + Sync {
    /// Makes a tenant.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn found(&self, founding: &TenantFounding) -> Result<FoundingOutcome, PortError>;

    /// Every tenant a person belongs to, the one they have belonged to longest first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn of_person(&self, user: &UserId) -> Result<Vec<Membership>, PortError>;

    /// What a person is in a tenant; `None` when they are no member or there is no such tenant, which nobody can tell apart.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn membership(&self, tenant: &TenantId, user: &UserId) -> Result<Option<Membership>, PortError>;

    /// Renames a tenant. `false` when whoever renames it is by then not what they were; nothing was written then.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn rename(&self, renaming: &TenantRenaming) -> Result<bool, PortError>;
}
