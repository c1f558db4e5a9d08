//! Messages in `rookery_webhook_messages`, as an operator deals with them.

use std::fmt::Write;

use rookery_core::ports::{MessageFilter, MessageReport, MessageState, Replay};
use rookery_domain::{EventId, Timestamp, UserId, WebhookEvent, WebhookId};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement};

use crate::dialect::Dialect;
use crate::entity::webhook_message::{self, ActiveModel, Column, Entity, Model};
use crate::error::Failure;
use crate::row::to_micros;

/// The session an event of the audit log `e` was done to or in, as the fan-out takes it.
macro_rules! replay_session {
    ($target:literal) => {
        concat!(
            "CASE WHEN e.target LIKE 'session:%' THEN ",
            $target,
            " ELSE e.session_id END"
        )
    };
}
pub(crate) const REPLAY_SESSION_POSTGRES: &str = replay_session!("CAST(substr(e.target, 9) AS uuid)");
pub(crate) const REPLAY_SESSION_SQLITE: &str = replay_session!("unhex(replace(substr(e.target, 9), '-', ''))");

/// The person an event of the audit log `e` was done to, or who did it, as the fan-out takes it.
macro_rules! replay_person {
    ($target:literal) => {
        concat!("CASE WHEN e.target LIKE 'user:%' THEN ", $target, " ELSE e.user_id END")
    };
}
pub(crate) const REPLAY_PERSON_POSTGRES: &str = replay_person!("CAST(substr(e.target, 6) AS uuid)");
pub(crate) const REPLAY_PERSON_SQLITE: &str = replay_person!("unhex(replace(substr(e.target, 6), '-', ''))");

const SWEEP: &str = "DELETE FROM rookery_webhook_messages WHERE (webhook_id, event_id) IN \
     (SELECT webhook_id, event_id FROM rookery_webhook_messages WHERE created_at < $1 \
     AND (user_id IS NULL OR user_id NOT IN (SELECT user_id FROM rookery_legal_holds)) LIMIT $2)";

/// Deletes messages queued before then, at most so many.
pub(crate) async fn sweep(conn: &impl ConnectionTrait, before: Timestamp, most: u64) -> Result<u64, Failure> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), SWEEP, [before.into(), most.into()]);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}

/// Makes what waits due at once.
pub(super) async fn hasten(conn: &impl ConnectionTrait, id: WebhookId, at: Timestamp) -> Result<(), Failure> {
    Entity::update_many()
        .set(ActiveModel {
            next_attempt_at: Set(at),
            ..ActiveModel::default()
        })
        .filter(webhook_message::COLUMN.webhook_id.eq(id.as_uuid()))
        .filter(webhook_message::COLUMN.state.eq(MessageState::Queued.as_str()))
        .filter(webhook_message::COLUMN.next_attempt_at.gt(at))
        .exec(conn)
        .await?;
    Ok(())
}

/// Queues again what the audit log knows. A message that somebody is just sending is left to them.
pub(super) async fn replay(conn: &impl ConnectionTrait, dialect: &Dialect, replay: &Replay) -> Result<u64, Failure> {
    let kinds = Kinds::of_the_log();
    let sql = format!(
        "INSERT INTO rookery_webhook_messages (webhook_id, event_id, event, occurred_at, user_id, tenant_id, session_id, \
         state, attempts, created_at, next_attempt_at) \
         SELECT w.id, e.id, {kind}, e.occurred_at, {person}, coalesce(w.tenant_id, e.tenant_id), {session}, \
         'queued', 0, $3, $3 \
         FROM rookery_audit_events e JOIN rookery_webhooks w ON w.id = $1 \
         WHERE e.occurred_at >= $2 AND e.occurred_at <= $3 AND e.outcome = 'success' AND e.user_id IS NOT NULL \
         AND e.action IN ({actions}) AND (w.events IS NULL OR w.events LIKE '%,' || {kind} || ',%') \
         AND (w.tenant_id IS NULL OR (e.action IN ({of_tenants}) AND w.tenant_id = e.tenant_id) \
         OR (e.action NOT IN ({of_tenants}) AND (e.action NOT IN ({of_sessions}) OR e.tenant_id IS NULL \
         OR w.tenant_id = e.tenant_id) AND EXISTS (SELECT 1 FROM tenant_users m \
         WHERE m.tenant_id = w.tenant_id AND m.user_id = e.user_id AND m.deleted IS NULL))) \
         ON CONFLICT (webhook_id, event_id) DO UPDATE SET state = 'queued', attempts = 0, created_at = $3, \
         next_attempt_at = $3, delivered_at = NULL, last_status = NULL, last_error = NULL \
         WHERE rookery_webhook_messages.lease_until IS NULL OR rookery_webhook_messages.lease_until <= $3",
        kind = kinds.case,
        session = dialect.replay_session,
        person = dialect.replay_person,
        actions = kinds.actions,
        of_sessions = kinds.of_sessions,
        of_tenants = kinds.of_tenants,
    );
    let values: [sea_orm::Value; 3] = [replay.webhook.as_uuid().into(), replay.since.into(), replay.now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}

/// The table of what becomes of an action, in SQL.
struct Kinds {
    case: String,
    actions: String,
    of_sessions: String,
    of_tenants: String,
}

impl Kinds {
    fn of_the_log() -> Self {
        let mut case = "CASE e.action".to_owned();
        for (action, kind) in WebhookEvent::OF_ACTIONS {
            // Writing to a text cannot fail.
            let _ = write!(case, " WHEN '{}' THEN '{}'", action.as_str(), kind.as_str());
        }
        case.push_str(" END");
        let quoted = |wanted: fn(WebhookEvent) -> bool| {
            let table = WebhookEvent::OF_ACTIONS.iter();
            let words: Vec<String> = table
                .filter(|(_, kind)| wanted(*kind))
                .map(|(action, _)| format!("'{}'", action.as_str()))
                .collect();
            words.join(", ")
        };
        Self {
            case,
            actions: quoted(|_| true),
            of_sessions: quoted(WebhookEvent::is_of_a_session),
            of_tenants: quoted(WebhookEvent::is_of_a_tenant),
        }
    }
}

pub(super) async fn list(conn: &impl ConnectionTrait, filter: &MessageFilter) -> Result<Vec<MessageReport>, Failure> {
    let mut query = Entity::find().filter(webhook_message::COLUMN.webhook_id.eq(filter.webhook.as_uuid()));
    if let Some(state) = filter.state {
        query = query.filter(webhook_message::COLUMN.state.eq(state.as_str()));
    }
    let newest = query
        .order_by_desc(Column::OccurredAt)
        .order_by_desc(Column::EventId)
        .limit(filter.limit);
    newest.all(conn).await?.into_iter().map(report).collect()
}

fn report(row: Model) -> Result<MessageReport, Failure> {
    Ok(MessageReport {
        event: EventId::from_uuid(row.event_id),
        kind: WebhookEvent::from_word(&row.event)
            .ok_or_else(|| Failure::nonsense("rookery_webhook_messages.event", "no event this release knows"))?,
        occurred: to_micros(row.occurred_at),
        user: row.user_id.map(UserId::from_uuid),
        state: MessageState::from_word(&row.state)
            .ok_or_else(|| Failure::nonsense("rookery_webhook_messages.state", "no state this release knows"))?,
        attempts: u32::try_from(row.attempts)
            .map_err(|error| Failure::nonsense("rookery_webhook_messages.attempts", error))?,
        next_attempt: to_micros(row.next_attempt_at),
        delivered: row.delivered_at.map(to_micros),
        status: row
            .last_status
            .map(u16::try_from)
            .transpose()
            .map_err(|error| Failure::nonsense("rookery_webhook_messages.last_status", error))?,
        error: row.last_error,
    })
}
