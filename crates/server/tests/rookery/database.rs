//! Each kind of database, empty.

use rookery_testkit::postgres::{PostgresDatabase, PostgresServer};
use rookery_testkit::sqlite;

/// An empty database of one test.
pub(crate) enum TestDatabase {
    /// In memory.
    Sqlite,
    /// A database of the server the tests share.
    Postgres(PostgresDatabase),
    /// One the test itself names in its settings, and keeps.
    Elsewhere,
}

impl TestDatabase {
    pub(crate) fn postgres() -> Self {
        Self::Postgres(PostgresServer::shared().database())
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite | Self::Elsewhere => sqlite::MEMORY_URL.to_owned(),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }
}

/// Makes two tests of one: `on_sqlite` and `on_postgres`.
macro_rules! on_both_databases {
    ($name:ident) => {
        mod $name {
            use crate::rookery::database::TestDatabase;

            #[test]
            fn on_sqlite() {
                super::$name(TestDatabase::Sqlite);
            }

            #[test]
            fn on_postgres() {
                super::$name(TestDatabase::postgres());
            }
        }
    };
}
pub(crate) use on_both_databases;
