//! What tenants ask of their members, and whom a change of it concerns.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, TenantId, TenantPolicy, Timestamp, UserId};

use super::{OutgoingMail, PortError, Standing};
use crate::{AuditEvent, Reader};

/// What a tenant has written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// What it asks for, be it weaker than the installation's own rules.
    pub policy: TenantPolicy,
    /// When it was last changed; no two changes have the same moment.
    pub updated: Timestamp,
    /// Since when it asks for a second factor; `None` when it does not.
    pub two_factor_since: Option<Timestamp>,
}

/// Somebody who is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub user: UserId,
    /// Where.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// How they read.
    pub reader: Reader,
}

/// Whom a change concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyAudience {
    /// The owners of the tenant.
    pub owners: Vec<Recipient>,
    /// Its members, owners among them, who have no second factor.
    pub without_second_factor: Vec<Recipient>,
}

/// A tenant asks other things of its members, decided. Afterwards the whole policy is stored, the event is written and the
/// mails are queued. It counts from then on, on every node: for sessions that run with their next request.
#[derive(Clone, Debug)]
pub struct PolicyChange {
    /// Which tenant.
    pub tenant: TenantId,
    /// Who changes it.
    pub by: Standing,
    /// When the policy this was decided upon was last changed; `None` when there was none. If it is another one by now,
    /// nothing is written.
    pub replaces: Option<Timestamp>,
    /// What it asks for.
    pub policy: TenantPolicy,
    /// Since when it asks for a second factor; `None` when it does not.
    pub two_factor_since: Option<Timestamp>,
    /// Those that tell owners and members.
    pub mails: Vec<OutgoingMail>,
    /// The event.
    pub event: AuditEvent,
    /// When; later than `replaces`.
    pub at: Timestamp,
}

/// Keeps policies.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PolicyStore: Send + Sync {
    /// What the tenant has written down, for one of its members; `None` when it has written nothing, and for everybody else.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn of_tenant(&self, tenant: &TenantId, reader: &UserId) -> Result<Option<StoredPolicy>, PortError>;

    /// Whom a change concerns. Members whose account is deleted or whose membership has ended are nobody.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn audience(&self, tenant: &TenantId) -> Result<PolicyAudience, PortError>;

    /// Changes a policy. `false` when whoever changes it is by then not what they were, or the policy is not; nothing was
    /// written then. Of several changes racing from one policy exactly one is made, on however many nodes.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn change(&self, change: &PolicyChange) -> Result<bool, PortError>;
}
