//! Tenants in `tenants`, as their members see them.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{FoundingOutcome, TenantFounding, TenantRenaming, TenantStore};
use rookery_domain::{EmailAddress, Membership, Role, TenantId, TenantSummary, Timestamp, UserId};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set, Statement, Value};

use crate::dialect::Dialect;
use crate::entity::tenant;
use crate::error::Failure;
use crate::members::{self, take_roles};
use crate::row::Columns;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, people};

macro_rules! memberships {
    ($roles:literal, $condition:literal) => {
        concat!(
            "SELECT t.id, t.name, coalesce(",
            $roles,
            ", '[]'), t.created, m.created, p.session_timeout_hours FROM tenant_users m \
             JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
             LEFT JOIN tenant_policies p ON p.tenant_id = t.id \
             JOIN users u ON u.id = m.user_id AND u.deleted IS NULL \
             WHERE m.user_id = $1 AND m.deleted IS NULL",
            $condition,
            " ORDER BY m.created, m.tenant_id"
        )
    };
}

/// Finds the tenants of the person `$1`, the longest-standing first, as sign-ins do.
pub(crate) const OF_PERSON_POSTGRES: &str = memberships!("CAST(array_to_json(m.roles) AS text)", "");
/// As [`OF_PERSON_POSTGRES`].
pub(crate) const OF_PERSON_SQLITE: &str = memberships!("m.roles", "");
/// Finds what the person `$1` is in the tenant `$2`.
pub(crate) const MEMBERSHIP_POSTGRES: &str =
    memberships!("CAST(array_to_json(m.roles) AS text)", " AND m.tenant_id = $2");
/// As [`MEMBERSHIP_POSTGRES`].
pub(crate) const MEMBERSHIP_SQLITE: &str = memberships!("m.roles", " AND m.tenant_id = $2");

/// [`TenantStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlTenantStore(Database);

impl SqlTenantStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl TenantStore for SqlTenantStore {
    async fn found(&self, founding: &TenantFounding) -> Result<FoundingOutcome, PortError> {
        self.0
            .atomically("tenants.found", Scope::Service, |conn| async move {
                let conn = &*conn;
                found(conn, self.0.dialect(), founding).await
            })
            .await
    }

    async fn of_person(&self, user: &UserId) -> Result<Vec<Membership>, PortError> {
        let user = *user;
        self.0
            .reading("tenants.of_person", Scope::User(user), |conn| async move {
                let conn = &*conn;
                memberships(conn, self.0.dialect().memberships_lookup, [user.as_uuid().into()]).await
            })
            .await
    }

    async fn membership(&self, tenant: &TenantId, user: &UserId) -> Result<Option<Membership>, PortError> {
        let (tenant, user) = (*tenant, *user);
        self.0
            .reading(
                "tenants.membership",
                Scope::Member { user, tenant },
                |conn| async move {
                    let conn = &*conn;
                    let whose = [user.as_uuid().into(), tenant.as_uuid().into()];
                    let mut found = memberships(conn, self.0.dialect().membership_lookup, whose).await?;
                    Ok(found.pop())
                },
            )
            .await
    }

    async fn rename(&self, renaming: &TenantRenaming) -> Result<bool, PortError> {
        self.0
            .atomically("tenants.rename", Scope::Service, |conn| async move {
                let conn = &*conn;
                rename(conn, self.0.dialect(), renaming).await
            })
            .await
    }
}

/// Makes a tenant of this name, with its owner.
pub(crate) async fn insert(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    (id, name): (TenantId, &str),
    owner: (UserId, &EmailAddress),
    at: Timestamp,
) -> Result<(), Failure> {
    let row = tenant::ActiveModel {
        id: Set(id.as_uuid()),
        name: Set(name.to_owned()),
        created: Set(at),
        updated: Set(at),
        ..tenant::ActiveModel::default()
    };
    tenant::Entity::insert(row).exec_without_returning(conn).await?;
    members::insert(conn, dialect, id, owner, &[Role::Owner], at).await
}

/// Makes everybody else wait who wants to change who belongs to the tenant, or its name; with the weaker lock those who do
/// not want to change it do not wait for each other. `false` when there is no such tenant, or only a deleted one.
pub(crate) async fn lock(conn: &impl ConnectionTrait, id: TenantId, lock: LockType) -> Result<bool, Failure> {
    let living = Query::select()
        .column(tenant::Column::Id)
        .from(tenant::Entity)
        .and_where(tenant::COLUMN.id.eq(id.as_uuid()))
        .and_where(tenant::COLUMN.deleted.is_null())
        .lock(lock)
        .take();
    Ok(conn.query_one(&living).await?.is_some())
}

/// The person's row is locked first, so that of two who both would be their first one is.
async fn found(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    founding: &TenantFounding,
) -> Result<Ending<FoundingOutcome>, Failure> {
    let owner = founding.owner;
    if !people::lock(conn, owner).await? {
        return Ok(Ending::RollBack(FoundingOutcome::NoSuchPerson));
    }
    let Some(email) = people::address_of(conn, owner).await? else {
        return Ok(Ending::RollBack(FoundingOutcome::NoSuchPerson));
    };
    if founding.only_as_first
        && !memberships(conn, dialect.memberships_lookup, [owner.as_uuid().into()])
            .await?
            .is_empty()
    {
        return Ok(Ending::RollBack(FoundingOutcome::NotTheFirst));
    }
    let named = (founding.tenant, founding.name.as_str());
    insert(conn, dialect, named, (owner, &email), founding.at).await?;
    audit_log::append(conn, &founding.event).await?;
    Ok(Ending::Commit(FoundingOutcome::Founded))
}

async fn rename(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    renaming: &TenantRenaming,
) -> Result<Ending<bool>, Failure> {
    let by = std::slice::from_ref(&renaming.by);
    let is_as_decided = lock(conn, renaming.tenant, LockType::NoKeyUpdate).await?
        && members::are_as_decided(conn, dialect, renaming.tenant, by).await?;
    if !is_as_decided {
        return Ok(Ending::RollBack(false));
    }
    let renamed = tenant::ActiveModel {
        name: Set(renaming.name.to_string()),
        updated: Set(renaming.at),
        ..tenant::ActiveModel::default()
    };
    tenant::Entity::update_many()
        .set(renamed)
        .filter(tenant::COLUMN.id.eq(renaming.tenant.as_uuid()))
        .exec(conn)
        .await?;
    audit_log::append(conn, &renaming.event).await?;
    Ok(Ending::Commit(true))
}

/// Every tenant a person belongs to.
pub(crate) async fn of_person(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    user: UserId,
) -> Result<Vec<Membership>, Failure> {
    memberships(conn, dialect.memberships_lookup, [user.as_uuid().into()]).await
}

async fn memberships(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    whose: impl IntoIterator<Item = Value>,
) -> Result<Vec<Membership>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, whose);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

fn read(columns: &mut Columns<'_>) -> Result<Membership, Failure> {
    Ok(Membership {
        tenant: TenantSummary {
            id: TenantId::from_uuid(columns.take("tenants.id")?),
            name: columns.take("tenants.name")?,
            roles: take_roles(columns)?,
        },
        created: columns.time("tenants.created")?,
        joined: columns.time("tenant_users.created")?,
        timeout_hours: columns.bound("tenant_policies.session_timeout_hours")?,
    })
}
