//! Accounts that may not be erased.

use rookery_core::AuditEvent;
use rookery_core::ports::HoldPlacement;
use rookery_domain::{TenantId, UserId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, Query};
use sea_orm::{Condition, ConnectionTrait, Statement, Value};

use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, people};

const PLACE: &str = "INSERT INTO rookery_legal_holds (user_id, placed_at, reason) VALUES ($1, $2, $3) \
     ON CONFLICT (user_id) DO UPDATE SET reason = excluded.reason";
const RELEASE: &str = "DELETE FROM rookery_legal_holds WHERE user_id = $1";
const IS_HELD: &str = "SELECT user_id FROM rookery_legal_holds WHERE user_id = $1";
const HOLDS_SOMEBODY: &str = "SELECT h.user_id FROM rookery_legal_holds h JOIN tenant_users m ON m.user_id = h.user_id \
     WHERE m.tenant_id = $1 LIMIT 1";

/// Of rows that name a person in this column, those whose person is not on hold, or that name nobody.
pub(crate) fn not_held(user: impl IntoColumnRef + Clone) -> Condition {
    let held = Query::select()
        .column(Alias::new("user_id"))
        .from(Alias::new("rookery_legal_holds"))
        .take();
    Condition::any()
        .add(Expr::col(user.clone()).is_null())
        .add(Expr::col(user).not_in_subquery(held))
}

pub(super) async fn place(conn: &impl ConnectionTrait, placement: &HoldPlacement) -> Result<Ending<bool>, Failure> {
    if !people::lock(conn, placement.user).await? {
        return Ok(Ending::RollBack(false));
    }
    let values: [Value; 3] = [
        placement.user.as_uuid().into(),
        placement.at.into(),
        placement.reason.as_str().into(),
    ];
    run(conn, PLACE, values).await?;
    audit_log::append(conn, &placement.event).await?;
    Ok(Ending::Commit(true))
}

pub(super) async fn release(conn: &impl ConnectionTrait, user: UserId, event: &AuditEvent) -> Result<bool, Failure> {
    let is_released = run(conn, RELEASE, [user.as_uuid().into()]).await? == 1;
    if is_released {
        audit_log::append(conn, event).await?;
    }
    Ok(is_released)
}

/// Whether the account is on hold, or one that belongs or belonged to one of these tenants.
pub(super) async fn is_in_the_way(
    conn: &impl ConnectionTrait,
    user: UserId,
    tenants: &[TenantId],
) -> Result<bool, Failure> {
    let backend = conn.get_database_backend();
    let held = Statement::from_sql_and_values(backend, IS_HELD, [user.as_uuid().into()]);
    if conn.query_one_raw(held).await?.is_some() {
        return Ok(true);
    }
    for tenant in tenants {
        let held = Statement::from_sql_and_values(backend, HOLDS_SOMEBODY, [tenant.as_uuid().into()]);
        if conn.query_one_raw(held).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn run(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}
