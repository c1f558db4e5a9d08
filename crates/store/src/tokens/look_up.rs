//! Finding a token, used and expired ones included.

use rookery_core::ports::TokenRecord;
use rookery_domain::{TokenDigest, UserId};
use sea_orm::{ConnectionTrait, Statement};

use crate::error::Failure;
use crate::policies;
use crate::row::Columns;

/// One row for each tenant of the person, and one without a tenant when there is none. The digest says the purpose too.
const FIND: &str = concat!(
    "SELECT u.id, u.email, u.name, u.given_name, u.family_name, u.email_verified, c.disabled_at, k.expires_at, \
     k.consumed_at, f.language, f.timezone, ",
    policies::columns!(),
    " FROM rookery_tokens k JOIN users u ON u.id = k.user_id LEFT JOIN rookery_credentials c ON c.user_id = u.id \
     LEFT JOIN user_preferences f ON f.user_id = u.id ",
    policies::of_the_tenants!(),
    " WHERE k.token_hash = $1 AND k.voided_at IS NULL AND u.deleted IS NULL AND lower(k.email) = lower(u.email)"
);

pub(super) async fn read(conn: &impl ConnectionTrait, digest: &TokenDigest) -> Result<Option<TokenRecord>, Failure> {
    let digest = digest.as_bytes().to_vec();
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), FIND, [digest.into()]);
    let mut found: Option<TokenRecord> = None;
    for row in conn.query_all_raw(statement).await? {
        let mut columns = Columns::of(&row);
        let record = TokenRecord {
            user: UserId::from_uuid(columns.take("users.id")?),
            email: columns.email("users.email")?,
            name: columns.take("users.name")?,
            given_name: columns.take("users.given_name")?,
            family_name: columns.take("users.family_name")?,
            email_verified: columns.optional_time("users.email_verified")?,
            disabled: columns.optional_time("rookery_credentials.disabled_at")?,
            expires: columns.time("rookery_tokens.expires_at")?,
            consumed: columns.optional_time("rookery_tokens.consumed_at")?,
            reader: columns.reader()?,
            policies: Vec::new(),
        };
        let policy = policies::take(&mut columns)?;
        found.get_or_insert(record).policies.extend(policy);
    }
    Ok(found)
}
