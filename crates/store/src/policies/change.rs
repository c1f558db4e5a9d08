//! A tenant asks other things of its members.

use rookery_core::ports::PolicyChange;
use rookery_domain::{TenantId, Timestamp};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::dialect::Dialect;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Ending;
use crate::{audit_log, members, outbox, tenants};

const UPDATED: &str = "SELECT updated FROM tenant_policies WHERE tenant_id = $1";

const STORE: &str = "INSERT INTO tenant_policies (tenant_id, password_min_length, password_require_uppercase, \
     password_require_numbers, password_require_symbols, session_timeout_hours, max_login_attempts, two_factor_required, \
     created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) \
     ON CONFLICT (tenant_id) DO UPDATE SET password_min_length = excluded.password_min_length, \
     password_require_uppercase = excluded.password_require_uppercase, \
     password_require_numbers = excluded.password_require_numbers, \
     password_require_symbols = excluded.password_require_symbols, \
     session_timeout_hours = excluded.session_timeout_hours, max_login_attempts = excluded.max_login_attempts, \
     two_factor_required = excluded.two_factor_required, updated = excluded.updated";

const STORE_SINCE: &str = "INSERT INTO rookery_tenant_policies (tenant_id, two_factor_since) VALUES ($1, $2) \
     ON CONFLICT (tenant_id) DO UPDATE SET two_factor_since = excluded.two_factor_since";

/// The tenant is locked first, so that changes of one tenant come one after the other, on whatever node: of several decided
/// upon one policy the first one is made, and the others find another.
pub(super) async fn change(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    change: &PolicyChange,
) -> Result<Ending<bool>, Failure> {
    let tenant = change.tenant;
    let by = std::slice::from_ref(&change.by);
    let is_as_decided = tenants::lock(conn, tenant, LockType::NoKeyUpdate).await?
        && members::are_as_decided(conn, dialect, tenant, by).await?
        && updated(conn, tenant).await? == change.replaces;
    if !is_as_decided {
        return Ok(Ending::RollBack(false));
    }
    run(conn, STORE, stored(change)).await?;
    let since: [Value; 2] = [tenant.as_uuid().into(), change.two_factor_since.into()];
    run(conn, STORE_SINCE, since).await?;
    audit_log::append(conn, &change.event).await?;
    for mail in &change.mails {
        outbox::queue(conn, mail, &mail.to).await?;
    }
    Ok(Ending::Commit(true))
}

async fn updated(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Option<Timestamp>, Failure> {
    let whose: [Value; 1] = [tenant.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), UPDATED, whose);
    let row = conn.query_one_raw(statement).await?;
    row.map(|row| Columns::of(&row).time("tenant_policies.updated"))
        .transpose()
}

fn stored(change: &PolicyChange) -> [Value; 9] {
    let policy = &change.policy;
    [
        change.tenant.as_uuid().into(),
        i32::try_from(policy.password_min_length).unwrap_or(i32::MAX).into(),
        policy.password_require_uppercase.into(),
        policy.password_require_numbers.into(),
        policy.password_require_symbols.into(),
        i32::try_from(policy.session_timeout_hours).unwrap_or(i32::MAX).into(),
        i32::try_from(policy.max_login_attempts).unwrap_or(i32::MAX).into(),
        policy.two_factor_required.into(),
        change.at.into(),
    ]
}

async fn run(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<(), Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    conn.execute_raw(statement).await?;
    Ok(())
}
