//! What an operator should know about the database that stops nothing from working.

use rookery_core::PortError;
use sea_orm::{ConnectionTrait, Statement};

use crate::Database;
use crate::error::Failure;
use crate::row::Columns;

/// Something about the database that weakens what this service promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseWarning {
    /// Row-level security guards nothing.
    #[error(
        "the PostgreSQL role is a superuser or has BYPASSRLS, or may become somebody who is or has, so row-level security \
         guards nothing: connect as a role without either"
    )]
    RowLevelSecurityBypassed,
    /// Row-level security guards as long as nobody switches it off.
    #[error(
        "the PostgreSQL role owns the tables or may make some, so whoever takes its connection can change the schema and \
         switch row-level security off: connect as a role that `rookery migrate up --grant-to ROLE`, run by their owner, \
         has given what it needs"
    )]
    SchemaMayBeChanged,
    /// What was acknowledged may be lost.
    #[error(
        "PostgreSQL runs with fsync or synchronous_commit off, so a crash may lose what was acknowledged: switch both on"
    )]
    CommitsMayBeLost,
}

impl Database {
    /// What is worth a line in the log at start.
    ///
    /// # Errors
    /// [`PortError`] when the database does not answer.
    pub async fn warnings(&self) -> Result<Vec<DatabaseWarning>, PortError> {
        let Some(sql) = self.dialect().inspection else {
            return Ok(Vec::new());
        };
        self.in_time(self.inspect(sql))
            .await
            .map_err(|failure| failure.during("database.warnings"))
    }

    async fn inspect(&self, sql: &'static str) -> Result<Vec<DatabaseWarning>, Failure> {
        let connection = self.connection();
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| Failure::nonsense("pg_roles.rolname", "the current role is not listed"))?;
        let mut columns = Columns::of(&row);
        let bypasses: bool = columns.take("pg_roles.rolbypassrls")?;
        let changes_schema: bool = columns.take("pg_class.relowner")?;
        let durable: bool = columns.take("pg_settings.synchronous_commit")?;
        let mut warnings = Vec::new();
        if bypasses {
            warnings.push(DatabaseWarning::RowLevelSecurityBypassed);
        }
        if changes_schema && !bypasses {
            warnings.push(DatabaseWarning::SchemaMayBeChanged);
        }
        if !durable {
            warnings.push(DatabaseWarning::CommitsMayBeLost);
        }
        Ok(warnings)
    }
}
