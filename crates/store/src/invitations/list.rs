//! The invitations of a tenant, for one of its members.

use chrono::DateTime;
use rookery_core::ports::{Invitation, InvitationFilter};
use rookery_domain::{InvitationId, InvitationState, TenantId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::{look_up, read_roles};
use crate::dialect::Dialect;
use crate::error::Failure;
use crate::row::Columns;

/// Invitations `i` of the tenant `$1`, for one of its members, `$2`. That the reader is one is a condition of the statement, which
/// row-level security repeats. The inviter `v` is left out when they are no member any more.
macro_rules! invitations {
    ($roles:literal, $rest:literal) => {
        concat!(
            "SELECT i.id, i.email, i.roles, i.note, i.created_at, i.expires_at, i.state, i.settled_at, v.id, v.name, v.email, \
             coalesce(",
            $roles,
            ", '[]') FROM tenant_users reader \
             JOIN tenants t ON t.id = reader.tenant_id AND t.deleted IS NULL \
             JOIN rookery_invitations i ON i.tenant_id = t.id \
             LEFT JOIN tenant_users vm ON vm.tenant_id = t.id AND vm.user_id = i.inviter_user_id AND vm.deleted IS NULL \
             LEFT JOIN users v ON v.id = vm.user_id AND v.deleted IS NULL \
             WHERE reader.tenant_id = $1 AND reader.user_id = $2 AND reader.deleted IS NULL AND ",
            $rest
        )
    };
}

macro_rules! list {
    ($roles:literal) => {
        invitations!(
            $roles,
            "(i.created_at, i.id) < ($3, $4) AND ($5 = '' \
             OR ($5 = 'pending' AND i.state = 'pending' AND i.expires_at > $6) \
             OR ($5 = 'expired' AND (i.state = 'expired' OR (i.state = 'pending' AND i.expires_at <= $6))) \
             OR ($5 <> 'pending' AND $5 <> 'expired' AND i.state = $5)) \
             ORDER BY i.created_at DESC, i.id DESC LIMIT $7"
        )
    };
}

/// Finds invitations before the moment `$3` and the id `$4` of which `$5` has become at `$6`, or all of them if it is empty, at
/// most `$7` of them.
pub(crate) const LIST_POSTGRES: &str = list!("CAST(array_to_json(vm.roles) AS text)");
/// As [`LIST_POSTGRES`].
pub(crate) const LIST_SQLITE: &str = list!("vm.roles");
/// Finds the invitation `$3`.
pub(crate) const FIND_POSTGRES: &str = invitations!("CAST(array_to_json(vm.roles) AS text)", "i.id = $3");
/// As [`FIND_POSTGRES`].
pub(crate) const FIND_SQLITE: &str = invitations!("vm.roles", "i.id = $3");

pub(super) async fn list(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    (tenant, reader): (TenantId, UserId),
    filter: &InvitationFilter,
    now: Timestamp,
) -> Result<Vec<Invitation>, Failure> {
    // Behind a place before all others stand all.
    let (created, last) = filter.behind.map_or((end_of_time(), Uuid::max()), |place| {
        (place.created, place.id.as_uuid())
    });
    let values = [
        tenant.as_uuid().into(),
        reader.as_uuid().into(),
        created.into(),
        last.into(),
        filter.state.map_or("", InvitationState::as_str).into(),
        now.into(),
        i64::from(filter.limit).into(),
    ];
    read_all(conn, dialect.invitation_list, values).await
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    (tenant, reader): (TenantId, UserId),
    invitation: InvitationId,
) -> Result<Option<Invitation>, Failure> {
    let values = [
        tenant.as_uuid().into(),
        reader.as_uuid().into(),
        invitation.as_uuid().into(),
    ];
    let mut found = read_all(conn, dialect.invitation_find, values).await?;
    Ok(found.pop())
}

/// The last second of the year 9999: what both databases can still write.
fn end_of_time() -> Timestamp {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default()
}

async fn read_all(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Invitation>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

fn read(columns: &mut Columns<'_>) -> Result<Invitation, Failure> {
    Ok(Invitation {
        id: InvitationId::from_uuid(columns.take("rookery_invitations.id")?),
        email: columns.email("rookery_invitations.email")?,
        roles: columns.parse("rookery_invitations.roles", read_roles)?,
        note: columns.take("rookery_invitations.note")?,
        created: columns.time("rookery_invitations.created_at")?,
        expires: columns.time("rookery_invitations.expires_at")?,
        stored: look_up::state(columns)?,
        settled: columns.optional_time("rookery_invitations.settled_at")?,
        inviter: look_up::inviter(columns)?,
    })
}
