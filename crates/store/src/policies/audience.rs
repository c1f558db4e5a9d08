//! Whom a change of a policy concerns.

use rookery_core::ports::{PolicyAudience, Recipient};
use rookery_domain::{TenantId, UserId};
use sea_orm::{ConnectionTrait, Statement};

use crate::dialect::Dialect;
use crate::error::Failure;
use crate::row::Columns;

/// Members `m` of the tenant `$1` with living accounts `u`, in the order in which they joined.
macro_rules! members {
    ($condition:literal) => {
        concat!(
            "SELECT u.id, u.email, u.name, f.language, f.timezone FROM tenant_users m \
             JOIN users u ON u.id = m.user_id AND u.deleted IS NULL \
             LEFT JOIN user_preferences f ON f.user_id = u.id \
             LEFT JOIN rookery_credentials c ON c.user_id = u.id \
             WHERE m.tenant_id = $1 AND m.deleted IS NULL AND ",
            $condition,
            " ORDER BY m.created, m.user_id"
        )
    };
}

/// The owners of the tenant `$1`.
pub(crate) const OWNERS_POSTGRES: &str = members!("'owner' = ANY (m.roles)");
/// As [`OWNERS_POSTGRES`].
pub(crate) const OWNERS_SQLITE: &str = members!("EXISTS (SELECT 1 FROM json_each(m.roles) WHERE value = 'owner')");
/// Its members who have no second factor.
const WITHOUT_SECOND_FACTOR: &str = members!("c.second_factor_at IS NULL");

pub(super) async fn audience(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
) -> Result<PolicyAudience, Failure> {
    Ok(PolicyAudience {
        owners: recipients(conn, dialect.owners_lookup, tenant).await?,
        without_second_factor: recipients(conn, WITHOUT_SECOND_FACTOR, tenant).await?,
    })
}

async fn recipients(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    tenant: TenantId,
) -> Result<Vec<Recipient>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [tenant.as_uuid().into()]);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok(Recipient {
                user: UserId::from_uuid(columns.take("users.id")?),
                email: columns.email("users.email")?,
                name: columns.take("users.name")?,
                reader: columns.reader()?,
            })
        })
        .collect()
}
