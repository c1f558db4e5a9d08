//! Profiles in `users` and `user_preferences`.

mod person;
mod preferences;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{ProfileChange, ProfileStore};
use rookery_domain::{Profile, TenantId, UserId};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set, Statement};
use uuid::Uuid;

use crate::dialect::Dialect;
use crate::entity::user;
use crate::error::Failure;
use crate::members::take_roles;
use crate::row::Columns;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, consents};

pub(crate) use person::{Person, take_person};
pub(crate) use preferences::{forget as forget_preferences, insert as insert_preferences, want_marketing};

macro_rules! look_up {
    ($roles:literal) => {
        concat!(
            "SELECT t.id, CASE WHEN t.id IS NULL THEN '[]' ELSE coalesce(",
            $roles,
            ", '[]') END, ",
            person::columns!(),
            " FROM users u \
             LEFT JOIN rookery_credentials c ON c.user_id = u.id \
             LEFT JOIN tenant_users m ON m.tenant_id = $2 AND m.user_id = u.id AND m.deleted IS NULL \
             LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
             LEFT JOIN user_preferences p ON p.user_id = u.id \
             WHERE u.id = $1 AND u.deleted IS NULL"
        )
    };
}

/// Finds a profile by `$1` its person, inside the tenant `$2`.
pub(crate) const LOOKUP_POSTGRES: &str = look_up!("CAST(array_to_json(m.roles) AS text)");
/// As [`LOOKUP_POSTGRES`].
pub(crate) const LOOKUP_SQLITE: &str = look_up!("m.roles");

/// [`ProfileStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlProfileStore(Database);

impl SqlProfileStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ProfileStore for SqlProfileStore {
    async fn apply(&self, change: &ProfileChange) -> Result<Option<Profile>, PortError> {
        self.0
            .atomically("profiles.apply", Scope::User(change.user), |conn| async move {
                let conn = &*conn;
                if !update_user(conn, change).await? {
                    return Ok(Ending::RollBack(None));
                }
                if let Some(record) = &change.consent {
                    consents::note_marketing(conn, change.user, record).await?;
                }
                if change.update.touches_preferences() {
                    preferences::overlay(conn, change).await?;
                }
                audit_log::append(conn, &change.event).await?;
                let profile = read(conn, change.user, change.tenant).await?;
                Ok(Ending::Commit(profile))
            })
            .await
    }
}

/// The profile as the transaction sees it, inside the tenant. `None` when there is no such person, or only a deleted one.
pub(crate) async fn read(
    conn: &impl ConnectionTrait,
    user: UserId,
    tenant: Option<TenantId>,
) -> Result<Option<Profile>, Failure> {
    let backend = conn.get_database_backend();
    let statement = Statement::from_sql_and_values(
        backend,
        Dialect::of(backend).profile_lookup,
        [user.as_uuid().into(), tenant.map(|tenant| tenant.as_uuid()).into()],
    );
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    let tenant = columns.take::<Option<Uuid>>("tenants.id")?.map(TenantId::from_uuid);
    let roles = take_roles(&mut columns)?;
    Ok(Some(take_person(&mut columns)?.inside(user, tenant, roles)))
}

/// The condition of everything that follows: there is such a person.
async fn update_user(conn: &impl ConnectionTrait, change: &ProfileChange) -> Result<bool, Failure> {
    let update = &change.update;
    let mut changed = user::ActiveModel {
        updated: Set(change.at),
        ..user::ActiveModel::default()
    };
    if let Some(name) = &update.name {
        changed.name = Set(Some(name.to_string()));
    }
    if let Some(name) = &update.given_name {
        changed.given_name = Set(Some(name.to_string()));
    }
    if let Some(name) = &update.family_name {
        changed.family_name = Set(Some(name.to_string()));
    }
    let updated = user::Entity::update_many()
        .set(changed)
        .filter(user::COLUMN.id.eq(change.user.as_uuid()))
        .filter(user::COLUMN.deleted.is_null())
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
