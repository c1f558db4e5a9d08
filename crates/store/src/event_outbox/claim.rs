//! Leasing messages that are due.

use std::collections::BTreeMap;

use chrono::Duration;
use rookery_core::ports::{AccountEvent, ClaimedEvent, EventClaim, EventOutcome, EventSettlement};
use rookery_domain::{EventId, SessionId, TenantId, Timestamp, UserId, WebhookEvent, WebhookId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, Statement};
use tracing::error;
use uuid::Uuid;

use super::settle;
use crate::dialect::Dialect;
use crate::entity::webhook;
use crate::error::Failure;
use crate::row::Columns;
use crate::webhooks;

/// The pause of a row that makes no sense to this release.
const PUT_OFF: Duration = Duration::hours(1);

/// Due at `$1` and nobody's, of the webhook `w` that is neither disabled nor resting.
macro_rules! is_due {
    () => {
        "q.state = 'queued' AND q.next_attempt_at <= $1 AND (q.lease_until IS NULL OR q.lease_until <= $1)"
    };
}
macro_rules! is_awake {
    () => {
        "w.disabled_at IS NULL AND (w.rests_until IS NULL OR w.rests_until <= $1)"
    };
}
macro_rules! claim {
    ($due:expr) => {
        concat!(
            "WITH due AS MATERIALIZED (",
            $due,
            ") UPDATE rookery_webhook_messages SET lease_until = $2, lease_holder = $3 \
             WHERE (webhook_id, event_id) IN (SELECT webhook_id, event_id FROM due) \
             RETURNING webhook_id, event_id, event, occurred_at, user_id, tenant_id, session_id, attempts, next_attempt_at"
        )
    };
}

/// Leases messages due at `$1` until `$2` to `$3`, at most `$4` of them and at most `$5` of one webhook. A row that another
/// worker is just leasing is passed by. Webhook by webhook, so that a long queue of one is not read to its end.
pub(crate) const CLAIM_POSTGRES: &str = claim!(concat!(
    "SELECT m.webhook_id, m.event_id FROM rookery_webhooks w CROSS JOIN LATERAL (\
     SELECT q.webhook_id, q.event_id, q.next_attempt_at FROM rookery_webhook_messages q \
     WHERE q.webhook_id = w.id AND ",
    is_due!(),
    " ORDER BY q.next_attempt_at, q.event_id LIMIT $5 FOR UPDATE SKIP LOCKED) m WHERE ",
    is_awake!(),
    " ORDER BY m.next_attempt_at, m.event_id LIMIT $4"
));
/// As [`CLAIM_POSTGRES`]; there is one writer, so there is nobody to pass by.
pub(crate) const CLAIM_SQLITE: &str = claim!(concat!(
    "SELECT webhook_id, event_id FROM (\
     SELECT q.webhook_id, q.event_id, q.next_attempt_at, row_number() OVER \
     (PARTITION BY q.webhook_id ORDER BY q.next_attempt_at, q.event_id) AS place \
     FROM rookery_webhooks w JOIN rookery_webhook_messages q ON q.webhook_id = w.id WHERE ",
    is_due!(),
    " AND ",
    is_awake!(),
    ") WHERE place <= $5 ORDER BY next_attempt_at, event_id LIMIT $4"
));

pub(super) async fn claim(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    claim: &EventClaim,
) -> Result<Vec<ClaimedEvent>, Failure> {
    let most = |limit: u64| i64::try_from(limit).unwrap_or(i64::MAX);
    let values: [sea_orm::Value; 5] = [
        claim.now.into(),
        claim.lease_until.into(),
        claim.holder.as_uuid().into(),
        most(claim.limit).into(),
        most(claim.limit_per_webhook).into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.event_claim, values);
    let rows = conn.query_all_raw(statement).await?;
    let receivers = receivers(conn, &rows).await?;
    let mut claimed = Vec::new();
    for row in &rows {
        match read(row, &receivers, claim.now) {
            Ok(message) => claimed.push(message),
            Err(failure) => put_off(conn, row, claim, failure).await?,
        }
    }
    claimed.sort_by_key(|(due, message)| (*due, message.event.id));
    Ok(claimed.into_iter().map(|(_, message)| message).collect())
}

/// The webhooks of these messages.
async fn receivers(
    conn: &impl ConnectionTrait,
    rows: &[QueryResult],
) -> Result<BTreeMap<Uuid, webhook::Model>, Failure> {
    let mut ids = Vec::new();
    for row in rows {
        ids.push(row.try_get_by_index::<Uuid>(0)?);
    }
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = webhook::Entity::find()
        .filter(webhook::Column::Id.is_in(ids))
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|receiver| (receiver.id, receiver)).collect())
}

/// The message and since when it is due.
fn read(
    row: &QueryResult,
    receivers: &BTreeMap<Uuid, webhook::Model>,
    now: Timestamp,
) -> Result<(Timestamp, ClaimedEvent), Failure> {
    let mut columns = Columns::of(row);
    let id: Uuid = columns.take("rookery_webhook_messages.webhook_id")?;
    let receiver = receivers
        .get(&id)
        .ok_or_else(|| Failure::nonsense("rookery_webhook_messages.webhook_id", "no such webhook"))?;
    let webhook = webhooks::webhook(receiver)?;
    let event = AccountEvent {
        id: EventId::from_uuid(columns.take("rookery_webhook_messages.event_id")?),
        kind: columns.parse("rookery_webhook_messages.event", |word| {
            WebhookEvent::from_word(word).ok_or("no event this release knows")
        })?,
        occurred: columns.time("rookery_webhook_messages.occurred_at")?,
        user: columns
            .take::<Option<Uuid>>("rookery_webhook_messages.user_id")?
            .map(UserId::from_uuid),
        tenant: columns
            .take::<Option<Uuid>>("rookery_webhook_messages.tenant_id")?
            .map(TenantId::from_uuid),
        session: columns
            .take::<Option<Uuid>>("rookery_webhook_messages.session_id")?
            .map(SessionId::from_uuid),
    };
    let message = ClaimedEvent {
        webhook: webhook.id,
        url: webhook.url,
        secrets: webhooks::secrets(receiver, now),
        failures: webhook.failures,
        failing_since: webhook.failing_since,
        event,
        attempts: columns.count("rookery_webhook_messages.attempts")?,
    };
    Ok((columns.time("rookery_webhook_messages.next_attempt_at")?, message))
}

async fn put_off(
    conn: &impl ConnectionTrait,
    row: &QueryResult,
    claim: &EventClaim,
    failure: Failure,
) -> Result<(), Failure> {
    let (webhook, event) = (
        WebhookId::from_uuid(row.try_get_by_index::<Uuid>(0)?),
        EventId::from_uuid(row.try_get_by_index::<Uuid>(1)?),
    );
    let reason = failure.during("events.claim").chain();
    error!(%webhook, %event, error = reason, "an account event on its way makes no sense and is put off");
    let settlement = EventSettlement {
        webhook,
        event,
        holder: claim.holder,
        at: claim.now,
        outcome: EventOutcome::Postponed {
            next_attempt: claim.now + PUT_OFF,
            error: reason,
        },
    };
    settle(conn, &settlement).await
}
