//! What a deletion would mean for the tenants of a person.

use rookery_core::ports::{StakeFate, TenantStake};
use rookery_domain::{TenantId, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::dialect::Dialect;
use crate::error::Failure;
use crate::row::Columns;

/// Others stay who belong to the tenant, whose account is there, and who do not wait for its deletion.
macro_rules! others {
    ($condition:literal) => {
        concat!(
            "(SELECT count(*) FROM tenant_users o JOIN users p ON p.id = o.user_id AND p.deleted IS NULL \
             WHERE o.tenant_id = t.id AND o.user_id <> m.user_id AND o.deleted IS NULL \
             AND NOT EXISTS (SELECT 1 FROM rookery_deletions d WHERE d.user_id = o.user_id)",
            $condition,
            ")"
        )
    };
}

macro_rules! stakes {
    ($is_owner:literal, $other_is_owner:literal) => {
        concat!(
            "SELECT t.id, t.name, CASE WHEN ",
            $is_owner,
            " THEN 1 ELSE 0 END, CAST(",
            others!(""),
            " AS integer), CAST(",
            others!($other_is_owner),
            " AS integer) FROM tenant_users m JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
             WHERE m.user_id = $1 AND m.deleted IS NULL ORDER BY m.created, m.tenant_id"
        )
    };
}

/// Finds the tenants of the person `$1`: id, name, whether they own it, how many others stay, how many owners among them.
pub(crate) const STAKES_POSTGRES: &str = stakes!("'owner' = ANY (m.roles)", " AND 'owner' = ANY (o.roles)");
/// As [`STAKES_POSTGRES`].
pub(crate) const STAKES_SQLITE: &str = stakes!(
    "EXISTS (SELECT 1 FROM json_each(m.roles) WHERE value = 'owner')",
    " AND EXISTS (SELECT 1 FROM json_each(o.roles) WHERE value = 'owner')"
);

pub(super) async fn read(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    user: UserId,
) -> Result<Vec<TenantStake>, Failure> {
    let values = [user.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.stakes_lookup, values);
    conn.query_all_raw(statement).await?.iter().map(stake).collect()
}

fn stake(row: &QueryResult) -> Result<TenantStake, Failure> {
    let mut columns = Columns::of(row);
    let (tenant, name) = (columns.take("tenants.id")?, columns.take("tenants.name")?);
    let is_owner = columns.count::<u32>("tenant_users.roles")? == 1;
    let others = columns.count::<u32>("tenant_users.user_id")?;
    let owners = columns.count::<u32>("tenant_users.roles")?;
    Ok(TenantStake {
        tenant: TenantId::from_uuid(tenant),
        name,
        others: others.into(),
        fate: match (is_owner, others, owners) {
            (_, 0, _) => StakeFate::Closes,
            (true, _, 0) => StakeFate::NeedsOwner,
            _ => StakeFate::GoesOn,
        },
    })
}
