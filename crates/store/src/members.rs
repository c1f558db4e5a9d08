//! Who belongs to which tenant, and their roles: a list that PostgreSQL keeps as `text[]` and SQLite as JSON text. Both
//! speak JSON with this crate; the texts that turn one into the other are here and in the look-ups.

use rookery_core::ports::Standing;
use rookery_domain::{EmailAddress, Role, Roles, TenantId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement};

use crate::dialect::Dialect;
use crate::error::Failure;
use crate::row::Columns;

macro_rules! insert {
    ($roles:literal) => {
        concat!(
            "INSERT INTO tenant_users (tenant_id, user_id, created, updated, roles, email) VALUES ($1, $2, $3, $3, ",
            $roles,
            ", $5)"
        )
    };
}

/// Adds a member, or makes a former one a member again; whoever is one stays as they are.
macro_rules! join {
    ($roles:literal) => {
        concat!(
            insert!($roles),
            " ON CONFLICT (tenant_id, user_id) DO UPDATE SET deleted = NULL, created = excluded.created, \
             updated = excluded.updated, roles = excluded.roles, email = excluded.email \
             WHERE tenant_users.deleted IS NOT NULL"
        )
    };
}

macro_rules! roles {
    ($roles:literal) => {
        concat!(
            "SELECT coalesce(",
            $roles,
            ", '[]') FROM tenant_users m JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
             WHERE m.tenant_id = $1 AND m.user_id = $2 AND m.deleted IS NULL"
        )
    };
}

macro_rules! assign {
    ($roles:literal) => {
        concat!(
            "UPDATE tenant_users SET roles = ",
            $roles,
            ", updated = $4 WHERE tenant_id = $1 AND user_id = $2 AND deleted IS NULL"
        )
    };
}

macro_rules! owner {
    ($is_owner:literal) => {
        concat!(
            "SELECT m.user_id FROM tenant_users m JOIN users u ON u.id = m.user_id AND u.deleted IS NULL \
             WHERE m.tenant_id = $1 AND m.deleted IS NULL \
             AND NOT EXISTS (SELECT 1 FROM rookery_deletions d WHERE d.user_id = m.user_id) AND ",
            $is_owner,
            " LIMIT 1"
        )
    };
}

/// Adds a member: `$1` tenant, `$2` person, `$3` when, `$4` roles as a JSON array, `$5` address.
pub(crate) const INSERT_POSTGRES: &str = insert!("ARRAY(SELECT json_array_elements_text(CAST($4 AS json)))");
/// As [`INSERT_POSTGRES`].
pub(crate) const INSERT_SQLITE: &str = insert!("$4");

/// As [`INSERT_POSTGRES`], for who may have been a member before.
pub(crate) const JOIN_POSTGRES: &str = join!("ARRAY(SELECT json_array_elements_text(CAST($4 AS json)))");
/// As [`JOIN_POSTGRES`].
pub(crate) const JOIN_SQLITE: &str = join!("$4");

/// The roles in the tenant `$1` of the person `$2`, as a JSON array.
pub(crate) const ROLES_POSTGRES: &str = roles!("CAST(array_to_json(m.roles) AS text)");
/// As [`ROLES_POSTGRES`].
pub(crate) const ROLES_SQLITE: &str = roles!("m.roles");

/// Gives the member `$2` of the tenant `$1` the roles `$3`, a JSON array, at `$4`.
pub(crate) const ASSIGN_POSTGRES: &str = assign!("ARRAY(SELECT json_array_elements_text(CAST($3 AS json)))");
/// As [`ASSIGN_POSTGRES`].
pub(crate) const ASSIGN_SQLITE: &str = assign!("$3");

/// Finds an owner of the tenant `$1`, if it has one who stays: whoever waits for the deletion of their account is none.
pub(crate) const OWNER_POSTGRES: &str = owner!("'owner' = ANY (m.roles)");
/// As [`OWNER_POSTGRES`].
pub(crate) const OWNER_SQLITE: &str = owner!("EXISTS (SELECT 1 FROM json_each(m.roles) WHERE value = 'owner')");

/// The address goes at once: whoever has left is no longer told of to those who read the table.
const REMOVE: &str = "UPDATE tenant_users SET deleted = $3, updated = $3, email = NULL \
     WHERE tenant_id = $1 AND user_id = $2 AND deleted IS NULL";

/// Adds a member to a tenant.
pub(crate) async fn insert(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
    (user, email): (UserId, &EmailAddress),
    roles: &[Role],
    at: Timestamp,
) -> Result<(), Failure> {
    put(conn, dialect.member_insert, tenant, (user, email), roles, at).await?;
    Ok(())
}

/// Makes somebody a member, anew if they once were. `false` when they are one.
pub(crate) async fn join(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
    person: (UserId, &EmailAddress),
    roles: &Roles,
    at: Timestamp,
) -> Result<bool, Failure> {
    let joined = put(conn, dialect.member_join, tenant, person, roles.as_slice(), at).await?;
    Ok(joined == 1)
}

async fn put(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    tenant: TenantId,
    (user, email): (UserId, &EmailAddress),
    roles: &[Role],
    at: Timestamp,
) -> Result<u64, Failure> {
    let values: [sea_orm::Value; 5] = [
        tenant.as_uuid().into(),
        user.as_uuid().into(),
        at.into(),
        json_of(roles).into(),
        email.as_str().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}

/// The roles of a member; `None` for whoever is none, and in a tenant that is not there.
pub(crate) async fn roles_of(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
    user: UserId,
) -> Result<Option<Vec<Role>>, Failure> {
    let values: [sea_orm::Value; 2] = [tenant.as_uuid().into(), user.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.roles_lookup, values);
    let row = conn.query_one_raw(statement).await?;
    row.map(|row| take_roles(&mut Columns::of(&row))).transpose()
}

/// Whether everybody still is what they were when something was decided. To be asked of a locked tenant.
pub(crate) async fn are_as_decided(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
    standings: &[Standing],
) -> Result<bool, Failure> {
    for Standing { user, roles } in standings {
        let Some(now) = roles_of(conn, dialect, tenant, *user).await? else {
            return Ok(false);
        };
        let same = now.iter().all(|role| roles.contains(role)) && roles.iter().all(|role| now.contains(role));
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the tenant has an owner with a living account. To be asked of a locked tenant.
pub(crate) async fn has_owner(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
) -> Result<bool, Failure> {
    let values: [sea_orm::Value; 1] = [tenant.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.owner_lookup, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}

/// Gives a member these roles and no others.
pub(crate) async fn assign(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    (tenant, user): (TenantId, UserId),
    roles: &Roles,
    at: Timestamp,
) -> Result<(), Failure> {
    let values: [sea_orm::Value; 4] = [
        tenant.as_uuid().into(),
        user.as_uuid().into(),
        json_of(roles.as_slice()).into(),
        at.into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.member_assign, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Ends a membership.
pub(crate) async fn remove(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    user: UserId,
    at: Timestamp,
) -> Result<(), Failure> {
    let values: [sea_orm::Value; 3] = [tenant.as_uuid().into(), user.as_uuid().into(), at.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), REMOVE, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

fn json_of(roles: &[Role]) -> String {
    let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    serde_json::json!(words).to_string()
}

/// Writes a person's other address into their memberships.
pub(crate) async fn move_to(
    conn: &impl ConnectionTrait,
    user: UserId,
    email: &EmailAddress,
    at: Timestamp,
) -> Result<(), Failure> {
    const MOVE: &str = "UPDATE tenant_users SET email = $2, updated = $3 WHERE user_id = $1 AND deleted IS NULL";
    let values: [sea_orm::Value; 3] = [user.as_uuid().into(), email.as_str().into(), at.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), MOVE, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Reads roles that a look-up gives as a JSON array.
pub(crate) fn take_roles(columns: &mut Columns<'_>) -> Result<Vec<Role>, Failure> {
    columns.parse("tenant_users.roles", |json| {
        let words: Vec<String> = serde_json::from_str(json)?;
        let roles: Result<Vec<Role>, _> = words.iter().map(|word| word.parse()).collect();
        roles.map_err(Box::<dyn std::error::Error + Send + Sync>::from)
    })
}
