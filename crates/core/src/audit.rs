//! An entry of the audit log.

use rookery_domain::{AuditAction, AuditOutcome, Caller, EventId, SessionId, TenantId, Timestamp, UserId};

/// Something happened. Holds no secret; what it holds of a person is in `user`, `caller` and `detail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: AuditAction,
    /// How it went.
    pub outcome: AuditOutcome,
    /// Whose account it is about; `None` when there is no such account.
    pub user: Option<UserId>,
    /// In which tenant.
    pub tenant: Option<TenantId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// From where.
    pub caller: Caller,
    /// More about it, as a JSON object.
    pub detail: Option<serde_json::Value>,
}
