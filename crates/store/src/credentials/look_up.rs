//! Finding a credential, by address or by person: one statement, found or not. Somebody who never had a password is found
//! with one that nothing fits, so that a reset can give them their first.

use rookery_core::ports::Credential;
use rookery_domain::{PasswordHash, TenantId, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::error::Failure;
use crate::policies;
use crate::row::Columns;

/// One row for each tenant of the person, the longest-standing first, and one without a tenant when there is none.
macro_rules! credential {
    ($from:literal, $condition:literal) => {
        concat!(
            "SELECT u.id, u.email, u.name, u.given_name, u.family_name, u.email_verified, \
             c.password_hash, coalesce(c.version, 0), c.disabled_at, c.last_used_at, c.second_factor_at, f.language, f.timezone, t.id, ",
            policies::columns!(),
            " FROM ",
            $from,
            " LEFT JOIN rookery_credentials c ON c.user_id = u.id \
             LEFT JOIN user_preferences f ON f.user_id = u.id ",
            policies::of_the_tenants!(),
            " WHERE u.deleted IS NULL AND ",
            $condition,
            " ORDER BY m.created, m.tenant_id"
        )
    };
}

pub(super) const BY_EMAIL: &str = credential!("rookery_addresses a JOIN users u ON u.id = a.user_id", "a.address = $1");
pub(super) const BY_USER: &str = credential!("users u", "u.id = $1");

pub(super) async fn read(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    whose: impl Into<Value>,
) -> Result<Option<Credential>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [whose.into()]);
    let mut found: Option<Credential> = None;
    for row in conn.query_all_raw(statement).await? {
        let mut columns = Columns::of(&row);
        let credential = Credential {
            user: UserId::from_uuid(columns.take("users.id")?),
            email: columns.email("users.email")?,
            name: columns.take("users.name")?,
            given_name: columns.take("users.given_name")?,
            family_name: columns.take("users.family_name")?,
            email_verified: columns.optional_time("users.email_verified")?,
            hash: PasswordHash::from_phc(
                columns
                    .take::<Option<String>>("rookery_credentials.password_hash")?
                    .unwrap_or_else(|| PasswordHash::NO_PASSWORD.to_owned()),
            ),
            version: columns.take("rookery_credentials.version")?,
            disabled: columns.optional_time("rookery_credentials.disabled_at")?,
            last_sign_in: columns.optional_time("rookery_credentials.last_used_at")?,
            second_factor: columns.optional_time("rookery_credentials.second_factor_at")?,
            reader: columns.reader()?,
            tenants: Vec::new(),
        };
        let tenant: Option<Uuid> = columns.take("tenants.id")?;
        let policy = policies::take(&mut columns)?;
        let found = found.get_or_insert(credential);
        found.tenants.extend(tenant.map(|id| (TenantId::from_uuid(id), policy)));
    }
    Ok(found)
}
