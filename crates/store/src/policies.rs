//! What tenants ask of their members: `tenant_policies`, and beside it `rookery_tenant_policies`, which holds since when a
//! second factor is asked for.

mod audience;
mod change;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{PolicyAudience, PolicyChange, PolicyStore, StoredPolicy};
use rookery_domain::{TenantId, TenantPolicy, UserId};
use sea_orm::{ConnectionTrait, Statement};

use crate::Database;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Scope;

pub(crate) use audience::{OWNERS_POSTGRES, OWNERS_SQLITE};

/// The columns [`take`] reads, of `tenant_policies p` that may be missing.
macro_rules! columns {
    () => {
        "p.tenant_id, p.password_min_length, p.password_require_uppercase, p.password_require_numbers, \
         p.password_require_symbols, p.session_timeout_hours, p.max_login_attempts, p.two_factor_required"
    };
}
/// The memberships of `users u` that count, their tenants `t` and the policies `p` of those that have one.
macro_rules! of_the_tenants {
    () => {
        "LEFT JOIN tenant_users m ON m.user_id = u.id AND m.deleted IS NULL \
         LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
         LEFT JOIN tenant_policies p ON p.tenant_id = t.id"
    };
}
pub(crate) use {columns, of_the_tenants};

/// That the reader `$2` is a member is a condition of the statement, which row-level security repeats.
const OF_TENANT: &str = concat!(
    "SELECT p.updated, coalesce(r.two_factor_since, p.updated), ",
    columns!(),
    " FROM tenant_users m JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
     JOIN tenant_policies p ON p.tenant_id = t.id \
     LEFT JOIN rookery_tenant_policies r ON r.tenant_id = t.id \
     WHERE m.tenant_id = $1 AND m.user_id = $2 AND m.deleted IS NULL"
);

/// [`PolicyStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlPolicyStore(Database);

impl SqlPolicyStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl PolicyStore for SqlPolicyStore {
    async fn of_tenant(&self, tenant: &TenantId, reader: &UserId) -> Result<Option<StoredPolicy>, PortError> {
        let (tenant, user) = (*tenant, *reader);
        self.0
            .reading(
                "policies.of_tenant",
                Scope::Member { user, tenant },
                |conn| async move {
                    let conn = &*conn;
                    of_tenant(conn, tenant, user).await
                },
            )
            .await
    }

    /// In the service's scope, for members do not see whether others have a second factor.
    async fn audience(&self, tenant: &TenantId) -> Result<PolicyAudience, PortError> {
        let tenant = *tenant;
        self.0
            .reading("policies.audience", Scope::Service, |conn| async move {
                let conn = &*conn;
                audience::audience(conn, self.0.dialect(), tenant).await
            })
            .await
    }

    /// In the service's scope, for what a tenant owns is written there alone.
    async fn change(&self, change: &PolicyChange) -> Result<bool, PortError> {
        self.0
            .atomically("policies.change", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::change(conn, self.0.dialect(), change).await
            })
            .await
    }
}

async fn of_tenant(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    reader: UserId,
) -> Result<Option<StoredPolicy>, Failure> {
    let values: [sea_orm::Value; 2] = [tenant.as_uuid().into(), reader.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), OF_TENANT, values);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    let updated = columns.time("tenant_policies.updated")?;
    let since = columns.time("rookery_tenant_policies.two_factor_since")?;
    let policy = take(&mut columns)?;
    Ok(policy.map(|policy| StoredPolicy {
        two_factor_since: policy.two_factor_required.then_some(since),
        policy,
        updated,
    }))
}

/// Reads a policy, if the row has one.
pub(crate) fn take(columns: &mut Columns<'_>) -> Result<Option<TenantPolicy>, Failure> {
    if columns
        .take::<Option<uuid::Uuid>>("tenant_policies.tenant_id")?
        .is_none()
    {
        return Ok(None);
    }
    Ok(Some(TenantPolicy {
        password_min_length: columns
            .bound("tenant_policies.password_min_length")?
            .unwrap_or_default(),
        password_require_uppercase: columns.take("tenant_policies.password_require_uppercase")?,
        password_require_numbers: columns.take("tenant_policies.password_require_numbers")?,
        password_require_symbols: columns.take("tenant_policies.password_require_symbols")?,
        session_timeout_hours: columns
            .bound("tenant_policies.session_timeout_hours")?
            .unwrap_or_default(),
        max_login_attempts: columns.bound("tenant_policies.max_login_attempts")?.unwrap_or_default(),
        two_factor_required: columns.take("tenant_policies.two_factor_required")?,
    }))
}
