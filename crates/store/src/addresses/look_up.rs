//! Who has an address, and what a token confirms.

use rookery_core::ports::PendingEmailChange;
use rookery_domain::{EmailAddress, Timestamp, TokenDigest, TokenPurpose, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::error::Failure;
use crate::row::Columns;

/// Of an account, or kept for one.
const TAKEN: &str = "SELECT user_id FROM rookery_addresses WHERE address = $1 AND user_id <> $2 \
     UNION ALL SELECT user_id FROM rookery_undos WHERE address = $1 AND user_id <> $2 AND used_at IS NULL \
     AND voided_at IS NULL AND expires_at > $3 LIMIT 1";

const PENDING: &str = "SELECT u.id, u.email, c.pending_email, u.name, c.disabled_at, k.expires_at, f.language, f.timezone \
     FROM rookery_tokens k JOIN users u ON u.id = k.user_id JOIN rookery_credentials c ON c.user_id = u.id \
     LEFT JOIN user_preferences f ON f.user_id = u.id \
     WHERE k.token_hash = $1 AND k.purpose = $2 AND k.consumed_at IS NULL AND k.voided_at IS NULL \
     AND u.deleted IS NULL AND lower(k.email) = lower(u.email) AND c.pending_email IS NOT NULL";

pub(super) async fn is_taken(
    conn: &impl ConnectionTrait,
    email: &EmailAddress,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let values: [Value; 3] = [email.key().into(), user.as_uuid().into(), now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), TAKEN, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}

pub(super) async fn pending(
    conn: &impl ConnectionTrait,
    digest: &TokenDigest,
) -> Result<Option<PendingEmailChange>, Failure> {
    let values: [Value; 2] = [
        digest.as_bytes().to_vec().into(),
        TokenPurpose::EmailChange.as_str().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), PENDING, values);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    Ok(Some(PendingEmailChange {
        user: UserId::from_uuid(columns.take("users.id")?),
        from: columns.email("users.email")?,
        to: columns.email("rookery_credentials.pending_email")?,
        name: columns.take("users.name")?,
        disabled: columns.optional_time("rookery_credentials.disabled_at")?,
        expires: columns.time("rookery_tokens.expires_at")?,
        reader: columns.reader()?,
    }))
}
