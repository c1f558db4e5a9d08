//! Changes that can be undone, in `rookery_undos`.

use rookery_core::ports::NewUndo;
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::error::Failure;
use crate::people;

/// The account as it is now, if its address is still the one the mail goes to.
const REMEMBER: &str = "INSERT INTO rookery_undos (id, user_id, ordinal, kind, token_hash, email, address, \
     email_verified, created_at, expires_at) \
     SELECT $1, u.id, coalesce((SELECT max(e.ordinal) FROM rookery_undos e WHERE e.user_id = u.id), 0) + 1, \
     $2, $3, u.email, lower(u.email), u.email_verified, $4, $5 \
     FROM users u WHERE u.id = $6 AND lower(u.email) = $7 AND u.deleted IS NULL";

/// Keeps the way back. To be called in the transaction of the change before anything of it is written or locked: it locks
/// the person.
pub(crate) async fn remember(conn: &impl ConnectionTrait, undo: &NewUndo) -> Result<(), Failure> {
    people::lock(conn, undo.user).await?;
    let values: [Value; 7] = [
        undo.id.as_uuid().into(),
        undo.kind.as_str().into(),
        undo.digest.as_bytes().to_vec().into(),
        undo.created.into(),
        undo.expires.into(),
        undo.user.as_uuid().into(),
        undo.email.key().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), REMEMBER, values);
    conn.execute_raw(statement).await?;
    Ok(())
}
