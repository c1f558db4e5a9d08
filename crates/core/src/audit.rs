//! An entry of the audit log.

use rookery_domain::{Actor, AuditAction, AuditOutcome, Caller, EventId, SessionId, TenantId, Timestamp, UserId};

/// Something happened. Holds no secret; what it holds of a person is in `caller` and `detail`, and goes
/// [after a while](crate::RETENTION); `user` is a name that says nothing once the account is gone.
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
    /// Who did it.
    pub actor: Actor,
    /// What it was done to, as `kind:id`, where that is not the account itself: `session:0199…`, `device:0199…`. Names of
    /// things alone, never anything personal, for it is kept as long as the event.
    pub target: Option<String>,
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
