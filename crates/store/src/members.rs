//! Who belongs to which tenant, and their roles: a list that PostgreSQL keeps as `text[]` and SQLite as JSON text. Both
//! speak JSON with this crate; the texts that turn one into the other are here and in the look-ups.

use rookery_domain::{EmailAddress, Role, TenantId, Timestamp, UserId};
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

/// Adds a member: `$1` tenant, `$2` person, `$3` when, `$4` roles as a JSON array, `$5` address.
pub(crate) const INSERT_POSTGRES: &str = insert!("ARRAY(SELECT json_array_elements_text(CAST($4 AS json)))");
/// As [`INSERT_POSTGRES`].
pub(crate) const INSERT_SQLITE: &str = insert!("$4");

/// Adds a member to a tenant.
pub(crate) async fn insert(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
    (user, email): (UserId, &EmailAddress),
    roles: &[Role],
    at: Timestamp,
) -> Result<(), Failure> {
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let values: [sea_orm::Value; 5] = [
        tenant.as_uuid().into(),
        user.as_uuid().into(),
        at.into(),
        serde_json::json!(roles).to_string().into(),
        email.as_str().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.member_insert, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Writes a person's other address into their memberships.
pub(crate) async fn move_to(
    conn: &impl ConnectionTrait,
    user: UserId,
    email: &EmailAddress,
    at: Timestamp,
) -> Result<(), Failure> {
    const MOVE: &str = "UPDATE tenant_users SET email = $2, updated = $3 WHERE user_id = $1";
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
