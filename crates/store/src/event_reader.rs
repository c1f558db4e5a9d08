//! The audit log, read back.

use async_trait::async_trait;
use rookery_core::ports::{EventFilter, EventReader, RecordedEvent};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{Actor, AuditAction, AuditOutcome, Caller, EventId, Role, SessionId, TenantId, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::event;
use crate::error::Failure;
use crate::row::to_micros;
use crate::transaction::Scope;
use crate::{Database, members};

/// [`EventReader`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlEventReader(Database);

impl SqlEventReader {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl EventReader for SqlEventReader {
    async fn of_person(&self, user: &UserId, filter: &EventFilter) -> Result<Vec<RecordedEvent>, PortError> {
        let user = *user;
        self.0
            .reading("events.of_person", Scope::User(user), |conn| async move {
                let conn = &*conn;
                read(conn, event::COLUMN.user_id.eq(user.as_uuid()), filter).await
            })
            .await
    }

    async fn of_tenant(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        filter: &EventFilter,
    ) -> Result<Option<Vec<RecordedEvent>>, PortError> {
        let (tenant, reader) = (*tenant, *reader);
        let scope = Scope::Member { user: reader, tenant };
        self.0
            .reading("events.of_tenant", scope, |conn| async move {
                let conn = &*conn;
                let roles = members::roles_of(conn, self.0.dialect(), tenant, reader).await?;
                if !roles.is_some_and(|roles| roles.contains(&Role::Owner)) {
                    return Ok(None);
                }
                read(conn, event::COLUMN.tenant_id.eq(tenant.as_uuid()), filter)
                    .await
                    .map(Some)
            })
            .await
    }
}

/// Events of which this condition is true, and which the filter keeps.
pub(crate) async fn read(
    conn: &impl ConnectionTrait,
    whose: impl Into<sea_orm::sea_query::SimpleExpr> + Send,
    filter: &EventFilter,
) -> Result<Vec<RecordedEvent>, Failure> {
    let rows = event::Entity::find()
        .filter(whose.into())
        .filter(wanted(filter))
        .order_by_desc(event::Column::OccurredAt)
        .order_by_desc(event::Column::Id)
        .limit(u64::from(filter.limit))
        .all(conn)
        .await?;
    rows.into_iter().map(parse).collect()
}

fn wanted(filter: &EventFilter) -> Condition {
    let column = &event::COLUMN;
    let actions = if filter.actions.is_empty() {
        // Named all the same: a newer release may have written words this one cannot read.
        AuditAction::ALL
    } else {
        &filter.actions
    };
    Condition::all()
        .add(event::Column::Action.is_in(actions.iter().map(|action| action.as_str())))
        .add_option(filter.outcome.map(|outcome| column.outcome.eq(outcome.as_str())))
        .add_option(filter.from.map(|from| column.occurred_at.gte(from)))
        .add_option(filter.to.map(|to| column.occurred_at.lt(to)))
        .add_option(filter.behind.map(|place| {
            let here = Expr::tuple([Expr::col(event::Column::OccurredAt), Expr::col(event::Column::Id)]);
            here.lt(Expr::tuple([Expr::val(place.at), Expr::val(place.id.as_uuid())]))
        }))
}

fn parse(row: event::Model) -> Result<RecordedEvent, Failure> {
    let nonsense = |column, word: &str| Failure::nonsense(column, format!("no such word: {word:?}"));
    let caller = Caller {
        is_operator: false,
        request_id: row.request_id,
        address: row
            .address
            .map(|text| text.parse())
            .transpose()
            .map_err(|error| Failure::nonsense("rookery_audit_events.address", Box::new(error)))?,
        user_agent: row.user_agent,
    };
    let event = AuditEvent {
        id: EventId::from_uuid(row.id),
        at: to_micros(row.occurred_at),
        action: AuditAction::from_word(&row.action)
            .ok_or_else(|| nonsense("rookery_audit_events.action", &row.action))?,
        outcome: AuditOutcome::from_word(&row.outcome)
            .ok_or_else(|| nonsense("rookery_audit_events.outcome", &row.outcome))?,
        actor: Actor::from_word(&row.actor).ok_or_else(|| nonsense("rookery_audit_events.actor", &row.actor))?,
        target: row.target,
        user: row.user_id.map(UserId::from_uuid),
        tenant: row.tenant_id.map(TenantId::from_uuid),
        session: row.session_id.map(SessionId::from_uuid),
        caller,
        detail: row
            .detail
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| Failure::nonsense("rookery_audit_events.detail", error))?,
    };
    Ok(RecordedEvent {
        event,
        anonymised: row.anonymised_at.map(to_micros),
    })
}
