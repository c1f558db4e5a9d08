//! How to reach the database, and how long to wait for it.

use std::time::Duration;

use rookery_domain::SecretString;

/// How to reach the database, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// `sqlite://PATH?mode=rwc`, `sqlite::memory:` or `postgres://USER:PASSWORD@HOST:PORT/NAME`. A secret: it may hold a
    /// password.
    pub url: SecretString,
    /// Most connections at once (8). More make a session check slower, not faster: the database has only so many cores.
    /// A database in memory has one, whatever this says, because each connection would see another database.
    pub max_connections: u32,
    /// Longest wait for a connection (1.5 s). With the database down this is when a caller learns of it, in time for an
    /// answer within two seconds.
    pub acquire_timeout: Duration,
    /// Longest run of one statement (3 s), enforced by PostgreSQL.
    pub statement_timeout: Duration,
}

impl DatabaseSettings {
    /// The defaults, for this URL.
    #[must_use]
    pub fn new(url: impl Into<SecretString>) -> Self {
        Self {
            url: url.into(),
            max_connections: 8,
            acquire_timeout: Duration::from_millis(1500),
            statement_timeout: Duration::from_secs(3),
        }
    }
}
