//! A connected database.

mod connect;
mod direct;
mod inspection;
mod observer;
mod scrub;

use std::sync::Arc;
use std::time::Duration;

use rookery_migrations::{MigrationError, MigrationStatus};
use sea_orm::DatabaseConnection;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::dialect::Dialect;
use crate::error::Failure;
use direct::Pool;
use observer::Observer;

pub use connect::ConnectError;
pub use inspection::DatabaseWarning;

/// A database, SQLite or PostgreSQL, with its pool of connections. Clones share the pool.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    pool: Pool,
    observer: Option<Observer>,
    dialect: &'static Dialect,
    /// SQLite has one writer. Whoever wants to write waits here, in order of arrival and without holding a connection;
    /// waiting inside SQLite is unfair, and would use up the connections readers need.
    writer: Option<Arc<Semaphore>>,
    acquire_timeout: Duration,
    /// Longest duration of a whole transaction, seen from here: a server that has stopped answering cannot tell.
    deadline: Duration,
}

impl Database {
    /// Applies the migrations that are missing and answers their names. Several nodes may do so at once.
    ///
    /// # Errors
    /// [`MigrationError`]; nothing of a failed change remains.
    pub async fn migrate_up(&self) -> Result<Vec<String>, MigrationError> {
        rookery_migrations::up(&self.connection).await
    }

    /// Takes the newest migrations back, with the data in their tables, and answers their names.
    ///
    /// # Errors
    /// [`MigrationError`]; nothing of a failed change remains.
    pub async fn migrate_down(&self, steps: u32) -> Result<Vec<String>, MigrationError> {
        rookery_migrations::down(&self.connection, steps).await
    }

    /// Every migration, and whether it has been applied.
    ///
    /// # Errors
    /// [`MigrationError`]
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, MigrationError> {
        rookery_migrations::status(&self.connection).await
    }

    /// Gives a PostgreSQL role what the service needs on every table, and takes whatever more it had on them. For the owner of
    /// the tables, after each [`migrate_up`](Self::migrate_up).
    ///
    /// # Errors
    /// [`MigrationError`]; then the role has what it had.
    pub async fn grant_to(&self, role: &str) -> Result<(), MigrationError> {
        rookery_migrations::grant(&self.connection, role).await
    }

    /// What the role of this connection lacks to serve, such as `users (UPDATE, DELETE)`.
    ///
    /// # Errors
    /// [`MigrationError`] when the database does not answer.
    pub async fn missing_rights(&self) -> Result<Vec<String>, MigrationError> {
        Ok(rookery_migrations::missing_rights(&self.connection).await?)
    }

    /// Calls back after every statement, with its text (which holds no values) and its duration. For metrics, and for
    /// tests that count statements.
    #[must_use]
    pub fn observed(mut self, observer: impl Fn(&str, Duration) + Send + Sync + 'static) -> Self {
        let observer = Observer::new(observer);
        self.observer = Some(observer.clone());
        self.connection
            .set_metric_callback(move |info| observer.tell(&info.statement.sql, info.elapsed));
        self
    }

    /// Lets running transactions end and closes every connection. Whoever asks for one afterwards is refused.
    pub async fn close(&self) {
        // Closing a pool cannot fail: it waits for the connections that are out and closes them.
        let _ = self.connection.close_by_ref().await;
    }

    pub(crate) const fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub(crate) const fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    pub(crate) const fn acquire_timeout(&self) -> Duration {
        self.acquire_timeout
    }

    /// The turn to write, until it is dropped. `None` where the database has many writers.
    pub(crate) async fn turn_to_write(&self) -> Result<Option<SemaphorePermit<'_>>, Failure> {
        let Some(writer) = &self.writer else { return Ok(None) };
        match tokio::time::timeout(self.acquire_timeout, writer.acquire()).await {
            Ok(turn) => Ok(turn.ok()),
            Err(_) => Err(Failure::NoTurn(self.acquire_timeout)),
        }
    }

    /// What the work answers, unless it takes longer than the deadline; then it is given up.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        tokio::time::timeout(self.deadline, work)
            .await
            .unwrap_or(Err(Failure::TimedOut(self.deadline)))
    }
}
