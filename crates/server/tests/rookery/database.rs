//! Each kind of database, empty.

use rookery_testkit::postgres::{PostgresDatabase, PostgresServer};
use rookery_testkit::sqlite::{self, SqliteFile};
use sea_orm::ConnectionTrait;

/// An empty database of one test.
pub(crate) enum TestDatabase {
    /// In memory.
    Sqlite,
    /// In a file, which others can open too.
    File(SqliteFile),
    /// A database of the server the tests share.
    Postgres(PostgresDatabase),
    /// One the test itself names in its settings, and keeps.
    Elsewhere,
}

impl TestDatabase {
    pub(crate) fn postgres() -> Self {
        Self::Postgres(PostgresServer::shared().database())
    }

    pub(crate) fn in_a_file() -> Self {
        Self::File(SqliteFile::new())
    }

    /// Changes rows behind the service's back, past row-level security. Gives the number of rows.
    pub(crate) fn execute(&self, sql: &str) -> u64 {
        let url = match self {
            Self::File(file) => file.url(),
            Self::Postgres(database) => database.superuser_url().to_owned(),
            Self::Sqlite | Self::Elsewhere => panic!("nobody else can open this database"),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let connection = sea_orm::Database::connect(url).await.unwrap();
            let changed = connection.execute_unprepared(sql).await.unwrap().rows_affected();
            connection.close().await.unwrap();
            changed
        })
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(file) => file.url(),
            Self::Sqlite | Self::Elsewhere => sqlite::MEMORY_URL.to_owned(),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }
}

/// Makes two tests of one: `on_sqlite` and `on_postgres`. With `in_a_file` the former can be looked into and changed, as the
/// latter can.
macro_rules! on_both_databases {
    ($name:ident, in_a_file) => {
        mod $name {
            use crate::rookery::database::TestDatabase;

            #[test]
            fn on_sqlite() {
                super::$name(TestDatabase::in_a_file());
            }

            #[test]
            fn on_postgres() {
                super::$name(TestDatabase::postgres());
            }
        }
    };
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
