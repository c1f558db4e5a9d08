//! Accounts that may not be erased.

use rookery_core::ports::LegalHold;
use rookery_domain::{Reason, TenantId, Timestamp, UserId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoColumnRef, Query};
use sea_orm::{Condition, ConnectionTrait, Statement, Value};

use crate::error::Failure;
use crate::row::Columns;

const PLACE: &str = "INSERT INTO rookery_legal_holds (user_id, placed_at, reason) VALUES ($1, $2, $3) \
     ON CONFLICT (user_id) DO UPDATE SET reason = excluded.reason";
const RELEASE: &str = "DELETE FROM rookery_legal_holds WHERE user_id = $1";
const STANDING: &str = "SELECT placed_at, reason FROM rookery_legal_holds WHERE user_id = $1";
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

/// The hold on an account, if there is one.
pub(crate) async fn standing(conn: &impl ConnectionTrait, user: UserId) -> Result<Option<LegalHold>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), STANDING, [user.as_uuid().into()]);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    Ok(Some(LegalHold {
        since: columns.time("rookery_legal_holds.placed_at")?,
        reason: columns.parse("rookery_legal_holds.reason", Reason::parse)?,
    }))
}

/// Puts somebody who is locked on hold; a hold that stands gets the new reason.
pub(crate) async fn place(
    conn: &impl ConnectionTrait,
    user: UserId,
    reason: &Reason,
    at: Timestamp,
) -> Result<(), Failure> {
    run(conn, PLACE, [user.as_uuid().into(), at.into(), reason.as_str().into()]).await?;
    Ok(())
}

/// Whether there was a hold.
pub(crate) async fn release(conn: &impl ConnectionTrait, user: UserId) -> Result<bool, Failure> {
    Ok(run(conn, RELEASE, [user.as_uuid().into()]).await? == 1)
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
