//! Connecting: the one place that knows which database it is.

use std::sync::Arc;
use std::time::Duration;

use rookery_domain::ExposeSecret;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{Connection, SqliteConnection};
use sea_orm::{ConnectOptions, DbErr, SqlxError};
use tokio::sync::Semaphore;

use super::direct::Pool;
use crate::{Database, DatabaseSettings, dialect};

/// How long SQLite waits for another *process* that is writing, such as a migration from the command line.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long PostgreSQL waits for a lock: less than a statement may take, so that the log tells the two apart.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);
/// A transaction that its program has forgotten is ended by PostgreSQL after that.
const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that has rested longer is asked whether it lives before it is used: after a restart of the database all
/// of them are dead. Busy ones are not asked, which would cost 18 % of the session checks.
const RESTED: Duration = Duration::from_secs(1);

/// Why there is no database to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is for no database this program speaks to.
    #[error("the database URL must begin with sqlite: or postgres://")]
    UnknownDatabase,
    /// The URL or its options make no sense, or the file cannot be opened. The message does not repeat the URL, which may
    /// hold a password.
    #[error("the database cannot be used: {0}")]
    Unusable(String),
}

impl Database {
    /// Prepares the pool. No connection to PostgreSQL is made yet, so this succeeds while it is down: whoever needs a
    /// connection makes one, and learns then that it cannot be made.
    ///
    /// SQLite is opened at once, with a write-ahead log and `synchronous=FULL`: what was acknowledged survives a power cut.
    ///
    /// # Errors
    /// [`ConnectError`] when the URL or the file cannot be used.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        let url = settings.url.expose_secret();
        let mut options = ConnectOptions::new(url);
        options
            .connect_lazy(true)
            .max_connections(settings.max_connections.max(1))
            .acquire_timeout(settings.acquire_timeout)
            .test_before_acquire(false)
            .sqlx_logging(false)
            .record_stmt_in_spans(false);
        let (dialect, writer) = if url.starts_with("sqlite:") {
            for_sqlite(&mut options, url);
            (&dialect::SQLITE, Some(Arc::new(Semaphore::new(1))))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            for_postgres(&mut options, settings);
            (&dialect::POSTGRES, None)
        } else {
            return Err(ConnectError::UnknownDatabase);
        };
        let connection = sea_orm::Database::connect(options).await.map_err(unusable)?;
        Ok(Self {
            pool: Pool::of(&connection),
            observer: None,
            connection,
            dialect,
            writer,
            acquire_timeout: settings.acquire_timeout,
            deadline: settings.acquire_timeout + settings.statement_timeout,
        })
    }
}

fn for_sqlite(options: &mut ConnectOptions, url: &str) {
    if url.contains(":memory:") || url.contains("mode=memory") {
        // A database in memory ends with its last connection.
        options
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
    }
    options
        .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(has_no_transaction(connection))));
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(SQLITE_BUSY_TIMEOUT)
            .foreign_keys(true)
            // What is deleted is overwritten, so that nobody reads it out of the file.
            .pragma("secure_delete", "ON")
    });
}

/// Whether a connection may be used again. SQLite rolls a transaction back by itself when its `COMMIT` fails, as on a full
/// disk; the driver goes on counting it, and turns the transactions after it into savepoints, which in the end hold the lock
/// for ever and commit nothing. Such a connection is closed.
async fn has_no_transaction(connection: &mut SqliteConnection) -> Result<bool, SqlxError> {
    if connection.is_in_transaction() {
        // One that was merely forgotten is being rolled back, and is before this is answered.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

fn for_postgres(options: &mut ConnectOptions, settings: &DatabaseSettings) {
    options
        .set_application_name("rookery")
        .statement_timeout(settings.statement_timeout)
        .test_before_acquire_if_idle_for(RESTED)
        .map_sqlx_postgres_opts(|postgres| {
            postgres.options([
                ("lock_timeout", LOCK_TIMEOUT.as_millis().to_string()),
                (
                    "idle_in_transaction_session_timeout",
                    IDLE_IN_TRANSACTION_TIMEOUT.as_millis().to_string(),
                ),
            ])
        });
}

/// SeaORM's own message on a malformed URL repeats it; what the driver says does not.
fn unusable(error: DbErr) -> ConnectError {
    match error {
        DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error)) => ConnectError::Unusable(error.to_string()),
        _ => ConnectError::Unusable("it is not a well-formed URL".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use rookery_testkit::sqlite::{MEMORY_URL, SqliteFile};
    use sea_orm::{ConnectionTrait, Statement};

    use super::*;

    async fn pragma<T: sea_orm::TryGetable>(database: &Database, name: &str) -> T {
        let connection = database.connection();
        let statement = Statement::from_string(connection.get_database_backend(), format!("PRAGMA {name}"));
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    #[tokio::test]
    async fn every_connection_to_sqlite_is_durable_and_keeps_references_whole() {
        let file = SqliteFile::new();
        let database = Database::connect(&DatabaseSettings::new(file.url())).await.unwrap();
        assert_eq!(pragma::<String>(&database, "journal_mode").await, "wal");
        assert_eq!(pragma::<i64>(&database, "synchronous").await, 2, "FULL");
        assert_eq!(pragma::<i64>(&database, "foreign_keys").await, 1);
        assert_eq!(pragma::<i64>(&database, "busy_timeout").await, 5000);
        database.close().await;
    }

    #[tokio::test]
    async fn a_database_in_memory_is_one_and_the_same_for_everybody() {
        let database = Database::connect(&DatabaseSettings::new(MEMORY_URL)).await.unwrap();
        database.migrate_up().await.unwrap();
        let status = futures_util::future::join_all((0..8).map(|_| database.migration_status())).await;
        for status in status {
            assert!(status.unwrap().iter().all(|migration| migration.applied));
        }
    }

    #[tokio::test]
    async fn a_request_that_is_never_answered_is_given_up() {
        let settings = DatabaseSettings {
            acquire_timeout: Duration::from_millis(10),
            statement_timeout: Duration::from_millis(10),
            ..DatabaseSettings::new(MEMORY_URL)
        };
        let database = Database::connect(&settings).await.unwrap();
        let never = std::future::pending::<Result<(), crate::error::Failure>>();
        let failure = database.in_time(never).await.unwrap_err();
        assert!(failure.during("test").is_unavailable());
    }
}
