//! What was deleted shall not be read out of the files of the database either.

use sea_orm::{ConnectionTrait, Statement};
use tracing::warn;

use crate::Database;

impl Database {
    /// After something was erased: has what was overwritten leave the write-ahead log, where it otherwise stays until the log is
    /// next reused. With `secure_delete` on, SQLite overwrites what is deleted with zeros, but in the log first. Where somebody
    /// reads for so long that it cannot be done now, the next erasure does it. PostgreSQL has no such question to be asked:
    /// what it deletes is overwritten by its vacuum, and its log is the server's to keep.
    pub(crate) async fn forget_what_was_overwritten(&self) {
        let Some(sql) = self.dialect().scrub else { return };
        let statement = Statement::from_string(self.connection().get_database_backend(), sql);
        if let Err(error) = self.connection().query_one_raw(statement).await {
            warn!(%error, "the write-ahead log still holds what was erased; the next erasure tries again");
        }
    }
}
