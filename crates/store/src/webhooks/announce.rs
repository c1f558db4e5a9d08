//! Queueing an event for whoever wants to know, in the transaction of what it tells of.

use rookery_core::AuditEvent;
use rookery_domain::{AuditOutcome, SessionId, UserId, WebhookEvent};
use sea_orm::{ConnectionTrait, Statement};

use crate::dialect::Dialect;
use crate::error::Failure;

/// Queues the event for every webhook that wants it: one statement, whether there are webhooks or not. What is no event to
/// other systems, what was refused, and what is about nobody costs nothing.
pub(crate) async fn announce(conn: &impl ConnectionTrait, event: &AuditEvent) -> Result<(), Failure> {
    let (AuditOutcome::Success, Some(user), Some(kind)) = (event.outcome, event.user, WebhookEvent::of(event.action))
    else {
        return Ok(());
    };
    let backend = conn.get_database_backend();
    let values: [sea_orm::Value; 7] = [
        event.id.as_uuid().into(),
        kind.as_str().into(),
        event.at.into(),
        person(event).unwrap_or(user).as_uuid().into(),
        event.tenant.map(|tenant| tenant.as_uuid()).into(),
        session(event).map(|session| session.as_uuid()).into(),
        (kind.is_of_a_session() || kind.is_of_a_tenant()).into(),
    ];
    let statement = Statement::from_sql_and_values(backend, Dialect::of(backend).announce, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// The person it was done to by another, or by themselves.
fn person(event: &AuditEvent) -> Option<UserId> {
    let target = event.target.as_deref()?.strip_prefix("user:")?;
    target.parse().ok()
}

/// The session it was done to, and if it was done to none, the one it was done in.
fn session(event: &AuditEvent) -> Option<SessionId> {
    let target = event
        .target
        .as_deref()
        .and_then(|target| target.strip_prefix("session:"));
    target.and_then(|id| id.parse().ok()).or(event.session)
}
