//! Tenants, as staff see them.

use rookery_core::ports::{FoundTenant, OversightFilter, TenantFile, Wanted};
use rookery_domain::TenantId;
use sea_orm::{ConnectionTrait, Statement, Value};

use super::values_of;
use crate::dialect::Dialect;
use crate::error::Failure;
use crate::roster::{self, begins};
use crate::row::Columns;

macro_rules! tenant {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "SELECT t.id, t.name, t.created, \
             (SELECT count(*) FROM tenant_users m JOIN users u ON u.id = m.user_id AND u.deleted IS NULL \
             WHERE m.tenant_id = t.id AND m.deleted IS NULL) FROM tenants t WHERE t.deleted IS NULL AND ",
            $($rest),+
        )
    };
}

const BY_ID: &str = tenant!("t.id = $1");
const BY_BEGINNING: &str = tenant!(
    "t.id < $5 AND (",
    begins!("t.name", "$1", "$2", "$3", "$4"),
    ") ORDER BY t.id DESC LIMIT $6"
);

macro_rules! first_members {
    ($roles:literal) => {
        concat!(
            "SELECT u.id, u.email, u.name, u.given_name, u.family_name, coalesce(",
            $roles,
            ", '[]'), m.created FROM tenant_users m JOIN users u ON u.id = m.user_id AND u.deleted IS NULL \
             WHERE m.tenant_id = $1 AND m.deleted IS NULL ORDER BY m.created, m.user_id LIMIT $2"
        )
    };
}

/// Finds those who have belonged to the tenant `$1` longest, at most `$2` of them.
pub(crate) const FIRST_MEMBERS_POSTGRES: &str = first_members!("CAST(array_to_json(m.roles) AS text)");
/// As [`FIRST_MEMBERS_POSTGRES`].
pub(crate) const FIRST_MEMBERS_SQLITE: &str = first_members!("m.roles");

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    filter: &OversightFilter<TenantId>,
) -> Result<Vec<FoundTenant>, Failure> {
    let behind = filter.behind.map(|tenant| tenant.as_uuid());
    match &filter.wanted {
        Some(Wanted::Id(tenant)) if behind.is_none_or(|behind| tenant.as_uuid() < behind) => {
            read_all(conn, BY_ID, [tenant.as_uuid().into()]).await
        }
        Some(Wanted::Id(_)) => Ok(Vec::new()),
        Some(Wanted::Beginning(text)) => read_all(conn, BY_BEGINNING, values_of(filter, Some(text), behind)).await,
        None => read_all(conn, BY_BEGINNING, values_of(filter, None, behind)).await,
    }
}

pub(super) async fn file(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
) -> Result<Option<TenantFile>, Failure> {
    let Some(found) = read_all(conn, BY_ID, [tenant.as_uuid().into()]).await?.pop() else {
        return Ok(None);
    };
    let values = [tenant.as_uuid().into(), i64::from(TenantFile::MEMBERS).into()];
    Ok(Some(TenantFile {
        tenant: found,
        members: roster::read_all(conn, dialect.first_members, values).await?,
    }))
}

async fn read_all(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<FoundTenant>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

fn read(columns: &mut Columns<'_>) -> Result<FoundTenant, Failure> {
    Ok(FoundTenant {
        id: TenantId::from_uuid(columns.take("tenants.id")?),
        name: columns.take("tenants.name")?,
        created: columns.time("tenants.created")?,
        members: columns
            .take::<i64>("tenant_users.user_id")?
            .try_into()
            .map_err(|error| Failure::nonsense("tenant_users.user_id", error))?,
    })
}
