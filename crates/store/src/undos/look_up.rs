//! Finding what a token undoes.

use rookery_core::ports::{UndoKind, UndoRecord};
use rookery_domain::{TokenDigest, UserId};
use sea_orm::{ConnectionTrait, Statement};

use crate::error::Failure;
use crate::row::Columns;

const FIND: &str = "SELECT u.id, k.email, u.name, k.kind, c.disabled_at, k.expires_at, f.language, f.timezone \
     FROM rookery_undos k \
     JOIN users u ON u.id = k.user_id LEFT JOIN rookery_credentials c ON c.user_id = u.id \
     LEFT JOIN user_preferences f ON f.user_id = u.id \
     WHERE k.token_hash = $1 AND k.used_at IS NULL AND k.voided_at IS NULL AND u.deleted IS NULL";

pub(super) async fn read(conn: &impl ConnectionTrait, digest: &TokenDigest) -> Result<Option<UndoRecord>, Failure> {
    let digest = digest.as_bytes().to_vec();
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), FIND, [digest.into()]);
    let Some(row) = conn.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    Ok(Some(UndoRecord {
        user: UserId::from_uuid(columns.take("users.id")?),
        email: columns.email("rookery_undos.email")?,
        name: columns.take("users.name")?,
        kind: columns.parse("rookery_undos.kind", |word| {
            UndoKind::from_word(word).ok_or("no kind of change")
        })?,
        disabled: columns.optional_time("rookery_credentials.disabled_at")?,
        expires: columns.time("rookery_undos.expires_at")?,
        reader: columns.reader()?,
    }))
}
