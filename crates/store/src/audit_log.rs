//! The audit log in `rookery_audit_events`.

use async_trait::async_trait;
use rookery_core::ports::AuditLog;
use rookery_core::{AuditEvent, PortError};
use sea_orm::{ConnectionTrait, EntityTrait, Set};

use crate::entity::event;
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, webhooks};

/// [`AuditLog`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlAuditLog(Database);

impl SqlAuditLog {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl AuditLog for SqlAuditLog {
    async fn record(&self, event: &AuditEvent) -> Result<(), PortError> {
        self.0
            .atomically("audit.record", Scope::of(event.user), |conn| async move {
                let conn = &*conn;
                append(conn, event).await.map(Ending::Commit)
            })
            .await
    }
}

/// Writes the event down, in the transaction of what it tells of, and queues it for the webhooks that want it.
pub(crate) async fn append(conn: &impl ConnectionTrait, event: &AuditEvent) -> Result<(), Failure> {
    write(conn, event).await?;
    webhooks::announce(conn, event).await
}

/// Writes the event down and tells no webhook.
pub(crate) async fn write(conn: &impl ConnectionTrait, event: &AuditEvent) -> Result<(), Failure> {
    let row = event::ActiveModel {
        id: Set(event.id.as_uuid()),
        occurred_at: Set(event.at),
        action: Set(event.action.as_str().to_owned()),
        outcome: Set(event.outcome.as_str().to_owned()),
        actor: Set(event.actor.as_str().to_owned()),
        target: Set(event.target.clone()),
        user_id: Set(event.user.map(|user| user.as_uuid())),
        tenant_id: Set(event.tenant.map(|tenant| tenant.as_uuid())),
        session_id: Set(event.session.map(|session| session.as_uuid())),
        request_id: Set(event.caller.request_id.clone()),
        address: Set(event.caller.address.map(|address| address.to_string())),
        user_agent: Set(event.caller.user_agent.clone()),
        detail: Set(event.detail.as_ref().map(ToString::to_string)),
        anonymised_at: Set(None),
    };
    event::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}
