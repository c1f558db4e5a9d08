//! Who waits to be erased.

use rookery_core::ports::{ErasureSubject, PendingDeletion};
use rookery_domain::{TenantId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::error::Failure;
use crate::row::Columns;

const SUBJECT: &str = "SELECT u.id, u.email, u.name, d.requested_at, d.due_at, d.closed_tenants, f.language, f.timezone \
     FROM users u LEFT JOIN rookery_deletions d ON d.user_id = u.id \
     LEFT JOIN user_preferences f ON f.user_id = u.id WHERE u.id = $1";

const DUE: &str = "SELECT d.user_id FROM rookery_deletions d WHERE d.due_at <= $1 \
     AND NOT EXISTS (SELECT 1 FROM rookery_legal_holds h WHERE h.user_id = d.user_id) \
     ORDER BY d.due_at, d.user_id LIMIT $2";

/// What must hold for an account to count as unused: of `users` `u` with credentials `c`, `$1` being since when.
macro_rules! unused {
    () => {
        "u.email_verified IS NULL AND u.deleted IS NULL AND u.created < $1 \
         AND c.disabled_at IS NULL AND (c.last_used_at IS NULL OR c.last_used_at < $1) \
         AND NOT EXISTS (SELECT 1 FROM rookery_sessions s WHERE s.user_id = u.id AND s.last_seen_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM rookery_deletions d WHERE d.user_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM rookery_legal_holds h WHERE h.user_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM tenant_users m JOIN tenant_users o ON o.tenant_id = m.tenant_id \
         AND o.user_id <> m.user_id AND o.deleted IS NULL WHERE m.user_id = u.id AND m.deleted IS NULL)"
    };
}

const UNVERIFIED: &str = concat!(
    "SELECT u.id FROM users u JOIN rookery_credentials c ON c.user_id = u.id WHERE ",
    unused!(),
    " ORDER BY u.created, u.id LIMIT $2"
);

const IS_UNUSED: &str = concat!(
    "SELECT u.id FROM users u JOIN rookery_credentials c ON c.user_id = u.id WHERE ",
    unused!(),
    " AND u.id = $2"
);

pub(super) async fn subject(conn: &impl ConnectionTrait, user: UserId) -> Result<Option<ErasureSubject>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), SUBJECT, [user.as_uuid().into()]);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    Ok(Some(ErasureSubject {
        user: UserId::from_uuid(columns.take("users.id")?),
        email: columns.email("users.email")?,
        name: columns.take("users.name")?,
        deletion: take_pending(&mut columns)?,
        reader: columns.reader()?,
    }))
}

/// The deletion of somebody that waits, if one was asked for.
pub(crate) async fn pending(conn: &impl ConnectionTrait, user: UserId) -> Result<Option<PendingDeletion>, Failure> {
    Ok(subject(conn, user).await?.and_then(|subject| subject.deletion))
}

pub(super) async fn due(conn: &impl ConnectionTrait, now: Timestamp, most: u64) -> Result<Vec<UserId>, Failure> {
    ids(conn, DUE, now, most).await
}

pub(super) async fn unverified(
    conn: &impl ConnectionTrait,
    unused_since: Timestamp,
    most: u64,
) -> Result<Vec<UserId>, Failure> {
    ids(conn, UNVERIFIED, unused_since, most).await
}

/// Whether the account still is one that nobody ever verified or used.
pub(super) async fn is_unused(
    conn: &impl ConnectionTrait,
    user: UserId,
    unused_since: Timestamp,
) -> Result<bool, Failure> {
    let values: [Value; 2] = [unused_since.into(), user.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), IS_UNUSED, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}

async fn ids(conn: &impl ConnectionTrait, sql: &'static str, at: Timestamp, most: u64) -> Result<Vec<UserId>, Failure> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [at.into(), most.into()]);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Columns::of(row).take("users.id").map(UserId::from_uuid))
        .collect()
}

/// Reads `requested_at`, `due_at` and `closed_tenants`, which are NULL together.
pub(crate) fn take_pending(columns: &mut Columns<'_>) -> Result<Option<PendingDeletion>, Failure> {
    let requested = columns.optional_time("rookery_deletions.requested_at")?;
    let due = columns.optional_time("rookery_deletions.due_at")?;
    let closed: Option<String> = columns.take("rookery_deletions.closed_tenants")?;
    let (Some(requested), Some(due), Some(closed)) = (requested, due, closed) else {
        return Ok(None);
    };
    Ok(Some(PendingDeletion {
        requested,
        due,
        closed: tenants_of(&closed)?,
    }))
}

/// The ids a row lists.
pub(super) fn tenants_of(json: &str) -> Result<Vec<TenantId>, Failure> {
    let ids: Vec<Uuid> =
        serde_json::from_str(json).map_err(|error| Failure::nonsense("rookery_deletions.closed_tenants", error))?;
    Ok(ids.into_iter().map(TenantId::from_uuid).collect())
}
