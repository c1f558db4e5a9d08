//! Whether the database answers.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::Heartbeat;
use sea_orm::{ConnectionTrait, Statement};

use crate::Database;
use crate::error::Failure;

/// [`Heartbeat`] by a statement that touches no table.
#[derive(Clone, Debug)]
pub struct SqlHeartbeat(Database);

impl SqlHeartbeat {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }

    async fn select(&self) -> Result<(), Failure> {
        let connection = self.0.connection();
        let statement = Statement::from_string(connection.get_database_backend(), "SELECT 1");
        connection.query_one_raw(statement).await?;
        Ok(())
    }
}

#[async_trait]
impl Heartbeat for SqlHeartbeat {
    /// Gives up after the time a caller waits for a connection, whether it got one or not.
    async fn beat(&self) -> Result<(), PortError> {
        let patience = self.0.acquire_timeout();
        tokio::time::timeout(patience, self.select())
            .await
            .unwrap_or(Err(Failure::TimedOut(patience)))
            .map_err(|failure| failure.during("heartbeat.beat"))
    }
}
