//! Statements that go to the driver without SeaORM's general-purpose future around them.
//!
//! That future has room for every database and every way of asking, and is copied whole, twice a statement: a fifth of all
//! instructions of a session look-up. Where every request pays for it, it is left out.

use std::sync::Arc;
use std::time::Instant;

use rookery_domain::Timestamp;
use sea_orm::sqlx::{PgPool, SqlitePool, query};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, SqlxError};

use super::Database;
use crate::error::Failure;

/// The driver's own pool, the very one SeaORM uses.
#[derive(Clone, Debug)]
pub(super) enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

impl Pool {
    pub(super) fn of(connection: &DatabaseConnection) -> Self {
        match connection.get_database_backend() {
            DbBackend::Postgres => Self::Postgres(connection.get_postgres_connection_pool().clone()),
            _ => Self::Sqlite(connection.get_sqlite_connection_pool().clone()),
        }
    }
}

impl Database {
    /// The rows of a static statement that takes a text as `$1` and a moment as `$2`.
    pub(crate) async fn rows(&self, sql: &'static str, text: &str, at: Timestamp) -> Result<Vec<QueryResult>, Failure> {
        let began = Instant::now();
        let rows = match &self.pool {
            Pool::Postgres(pool) => {
                let rows = query(sql).bind(text).bind(at).fetch_all(pool).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
            }
            Pool::Sqlite(pool) => {
                let rows = query(sql).bind(text).bind(at).fetch_all(pool).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
            }
        };
        self.tell(sql, began);
        rows.map_err(failed)
    }

    /// The only row of such a statement. SQLite's thread has to be asked once less for it.
    pub(crate) async fn row(
        &self,
        sql: &'static str,
        text: &str,
        at: Timestamp,
    ) -> Result<Option<QueryResult>, Failure> {
        let began = Instant::now();
        let row = match &self.pool {
            Pool::Postgres(pool) => {
                let row = query(sql).bind(text).bind(at).fetch_optional(pool).await;
                row.map(|row| row.map(QueryResult::from))
            }
            Pool::Sqlite(pool) => {
                let row = query(sql).bind(text).bind(at).fetch_optional(pool).await;
                row.map(|row| row.map(QueryResult::from))
            }
        };
        self.tell(sql, began);
        row.map_err(failed)
    }

    fn tell(&self, sql: &'static str, began: Instant) {
        if let Some(observer) = &self.observer {
            observer.tell(sql, began.elapsed());
        }
    }
}

fn failed(error: SqlxError) -> Failure {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))).into()
}
