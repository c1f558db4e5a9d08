//! Receivers of account events in `rookery_webhooks`.

mod announce;
mod messages;
mod reading;

use async_trait::async_trait;
use rookery_core::ports::{
    Addition, DisableReason, KeptWebhook, MessageFilter, MessageReport, NewWebhook, Replay, Webhook, WebhookChange,
    WebhookStore,
};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{TenantId, Timestamp, WebhookId};
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set, Statement};

use crate::entity::webhook::{self, ActiveModel, Column, Entity};
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log};

pub(crate) use announce::announce;
pub(crate) use messages::{
    REPLAY_PERSON_POSTGRES, REPLAY_PERSON_SQLITE, REPLAY_SESSION_POSTGRES, REPLAY_SESSION_SQLITE, sweep,
};
pub(crate) use reading::{listed, secrets, webhook};

const TENANT: &str = "SELECT 1 FROM tenants WHERE id = $1 AND deleted IS NULL";

/// [`WebhookStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlWebhookStore(Database);

impl SqlWebhookStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl WebhookStore for SqlWebhookStore {
    async fn add(&self, new: &NewWebhook) -> Result<Addition, PortError> {
        self.0
            .atomically("webhooks.add", Scope::Service, |conn| async move {
                let conn = &*conn;
                if let Some(tenant) = new.webhook.tenant
                    && !exists(conn, tenant).await?
                {
                    return Ok(Ending::RollBack(Addition::NoSuchTenant));
                }
                insert(conn, &new.webhook, &new.secret).await?;
                audit_log::append(conn, &new.event).await?;
                Ok(Ending::Commit(Addition::Added))
            })
            .await
    }

    async fn list(&self) -> Result<Vec<Webhook>, PortError> {
        self.0
            .reading("webhooks.list", Scope::Service, |conn| async move {
                let conn = &*conn;
                let query = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
                query.all(conn).await?.iter().map(webhook).collect()
            })
            .await
    }

    async fn find(&self, id: &WebhookId, now: &Timestamp) -> Result<Option<KeptWebhook>, PortError> {
        let (id, now) = (id.as_uuid(), *now);
        self.0
            .reading("webhooks.find", Scope::Service, |conn| async move {
                let conn = &*conn;
                let Some(row) = Entity::find_by_id(id).one(conn).await? else {
                    return Ok(None);
                };
                Ok(Some(KeptWebhook {
                    webhook: webhook(&row)?,
                    secrets: secrets(&row, now),
                }))
            })
            .await
    }

    async fn change(&self, id: &WebhookId, change: &WebhookChange, event: &AuditEvent) -> Result<bool, PortError> {
        let id = *id;
        self.0
            .atomically("webhooks.change", Scope::Service, |conn| async move {
                let conn = &*conn;
                let found = match change {
                    WebhookChange::Rotate { secret, overlap_until } => rotate(conn, id, secret, *overlap_until).await?,
                    WebhookChange::Disable => {
                        disable(conn, id, DisableReason::Operator, event.at).await?
                            || Entity::find_by_id(id.as_uuid()).one(conn).await?.is_some()
                    }
                    WebhookChange::Enable => enable(conn, id, event.at).await?,
                };
                if !found {
                    return Ok(Ending::RollBack(false));
                }
                audit_log::append(conn, event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }

    async fn remove(&self, id: &WebhookId, event: &AuditEvent) -> Result<bool, PortError> {
        let id = id.as_uuid();
        self.0
            .atomically("webhooks.remove", Scope::Service, |conn| async move {
                let conn = &*conn;
                if Entity::delete_by_id(id).exec(conn).await?.rows_affected == 0 {
                    return Ok(Ending::RollBack(false));
                }
                audit_log::append(conn, event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }

    async fn replay(&self, replay: &Replay) -> Result<u64, PortError> {
        self.0
            .atomically("webhooks.replay", Scope::Service, |conn| async move {
                let conn = &*conn;
                messages::replay(conn, self.0.dialect(), replay)
                    .await
                    .map(Ending::Commit)
            })
            .await
    }

    async fn messages(&self, filter: &MessageFilter) -> Result<Vec<MessageReport>, PortError> {
        self.0
            .reading("webhooks.messages", Scope::Service, |conn| async move {
                let conn = &*conn;
                messages::list(conn, filter).await
            })
            .await
    }
}

async fn exists(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<bool, Failure> {
    let values = [tenant.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), TENANT, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}

async fn insert(conn: &impl ConnectionTrait, webhook: &Webhook, secret: &[u8]) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(webhook.id.as_uuid()),
        tenant_id: Set(webhook.tenant.map(|tenant| tenant.as_uuid())),
        url: Set(webhook.url.as_str().to_owned()),
        events: Set(listed(&webhook.events)),
        secret: Set(secret.to_vec()),
        created_at: Set(webhook.created),
        failures: Set(0),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// The secret in use becomes the previous one; the one before that is forgotten.
async fn rotate(
    conn: &impl ConnectionTrait,
    id: WebhookId,
    secret: &[u8],
    overlap_until: Timestamp,
) -> Result<bool, Failure> {
    let changed = Entity::update_many()
        .col_expr(Column::PreviousSecret, Expr::col(Column::Secret))
        .set(ActiveModel {
            secret: Set(secret.to_vec()),
            overlap_until: Set(Some(overlap_until)),
            ..ActiveModel::default()
        })
        .filter(webhook::COLUMN.id.eq(id.as_uuid()))
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Whether it was enabled until now.
pub(crate) async fn disable(
    conn: &impl ConnectionTrait,
    id: WebhookId,
    reason: DisableReason,
    at: Timestamp,
) -> Result<bool, Failure> {
    let changed = Entity::update_many()
        .set(ActiveModel {
            disabled_at: Set(Some(at)),
            disabled_reason: Set(Some(reason.as_str().to_owned())),
            ..ActiveModel::default()
        })
        .filter(webhook::COLUMN.id.eq(id.as_uuid()))
        .filter(webhook::COLUMN.disabled_at.is_null())
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

async fn enable(conn: &impl ConnectionTrait, id: WebhookId, at: Timestamp) -> Result<bool, Failure> {
    let changed = Entity::update_many()
        .set(ActiveModel {
            disabled_at: Set(None),
            disabled_reason: Set(None),
            failures: Set(0),
            failing_since: Set(None),
            rests_until: Set(None),
            ..ActiveModel::default()
        })
        .filter(webhook::COLUMN.id.eq(id.as_uuid()))
        .exec(conn)
        .await?;
    messages::hasten(conn, id, at).await?;
    Ok(changed.rows_affected == 1)
}
