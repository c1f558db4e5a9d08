//! The members of a tenant, in `tenant_users` and `users`.

mod change;
mod search;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{Member, MemberFilter, MemberStore, RosterChange, RosterOutcome};
use rookery_domain::{TenantId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::Database;
use crate::error::Failure;
use crate::members::take_roles;
use crate::row::Columns;
use crate::transaction::Scope;

pub(crate) use search::{Patterns, begins};

/// Members `m` of the tenant `$1`, for one of them, `$2`. That the reader is one is a condition of the statement, which
/// row-level security repeats.
macro_rules! members {
    ($roles:literal, $($rest:expr),+ $(,)?) => {
        concat!(
            "SELECT u.id, u.email, u.name, u.given_name, u.family_name, coalesce(",
            $roles,
            ", '[]'), m.created FROM tenant_users reader \
             JOIN tenants t ON t.id = reader.tenant_id AND t.deleted IS NULL \
             JOIN tenant_users m ON m.tenant_id = t.id AND m.deleted IS NULL \
             JOIN users u ON u.id = m.user_id AND u.deleted IS NULL \
             WHERE reader.tenant_id = $1 AND reader.user_id = $2 AND reader.deleted IS NULL AND ",
            $($rest),+
        )
    };
}

macro_rules! list {
    ($roles:literal) => {
        members!(
            $roles,
            "(m.created, m.user_id) > ($3, $4) AND (lower(u.email) LIKE $5 ESCAPE '!' OR ",
            begins!("u.name", "$5", "$6", "$7", "$8"),
            " OR ",
            begins!("u.given_name", "$5", "$6", "$7", "$8"),
            " OR ",
            begins!("u.family_name", "$5", "$6", "$7", "$8"),
            ") ORDER BY m.created, m.user_id LIMIT $9"
        )
    };
}

/// Finds members behind the moment `$3` and the person `$4`, like one of the [`Patterns`] from `$5` to `$8`, at most `$9` of them.
pub(crate) const LIST_POSTGRES: &str = list!("CAST(array_to_json(m.roles) AS text)");
/// As [`LIST_POSTGRES`].
pub(crate) const LIST_SQLITE: &str = list!("m.roles");
/// Finds the member `$3`.
pub(crate) const FIND_POSTGRES: &str = members!("CAST(array_to_json(m.roles) AS text)", "m.user_id = $3");
/// As [`FIND_POSTGRES`].
pub(crate) const FIND_SQLITE: &str = members!("m.roles", "m.user_id = $3");

/// [`MemberStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlMemberStore(Database);

impl SqlMemberStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl MemberStore for SqlMemberStore {
    async fn list(&self, tenant: &TenantId, reader: &UserId, filter: &MemberFilter) -> Result<Vec<Member>, PortError> {
        let (tenant, user) = (*tenant, *reader);
        self.0
            .reading("members.list", Scope::Member { user, tenant }, |conn| async move {
                let conn = &*conn;
                let [lower, as_written, capitalised, upper] = Patterns::of(filter.search.as_ref()).into_values();
                // Behind a place before all others stand all.
                let (joined, last) = filter.behind.map_or((Timestamp::UNIX_EPOCH, Uuid::nil()), |place| {
                    (place.joined, place.user.as_uuid())
                });
                let values = [
                    tenant.as_uuid().into(),
                    user.as_uuid().into(),
                    joined.into(),
                    last.into(),
                    lower,
                    as_written,
                    capitalised,
                    upper,
                    i64::from(filter.limit).into(),
                ];
                read_all(conn, self.0.dialect().member_list, values).await
            })
            .await
    }

    async fn find(&self, tenant: &TenantId, reader: &UserId, user: &UserId) -> Result<Option<Member>, PortError> {
        let (tenant, reader, wanted) = (*tenant, *reader, *user);
        let scope = Scope::Member { user: reader, tenant };
        self.0
            .reading("members.find", scope, |conn| async move {
                let conn = &*conn;
                let values = [
                    tenant.as_uuid().into(),
                    reader.as_uuid().into(),
                    wanted.as_uuid().into(),
                ];
                let mut found = read_all(conn, self.0.dialect().member_lookup, values).await?;
                Ok(found.pop())
            })
            .await
    }

    /// In the service's scope, for what a tenant owns is written there alone.
    async fn change(&self, change: &RosterChange) -> Result<RosterOutcome, PortError> {
        self.0
            .atomically("members.change", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::change(conn, self.0.dialect(), change).await
            })
            .await
    }
}

/// Members, as a look-up gives them.
pub(crate) async fn read_all(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Member>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

fn read(columns: &mut Columns<'_>) -> Result<Member, Failure> {
    Ok(Member {
        user: UserId::from_uuid(columns.take("users.id")?),
        email: columns.email("users.email")?,
        name: columns.take("users.name")?,
        given_name: columns.take("users.given_name")?,
        family_name: columns.take("users.family_name")?,
        roles: take_roles(columns)?,
        joined: columns.time("tenant_users.created")?,
    })
}
