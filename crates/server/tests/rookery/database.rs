//! Each kind of database, empty.

use rookery_store::{Database, DatabaseSettings};
use rookery_testkit::postgres::{PostgresDatabase, PostgresServer};
use rookery_testkit::sqlite::{self, SqliteFile};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

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
        Self::Postgres(postgres_made_ready())
    }

    pub(crate) fn in_a_file() -> Self {
        Self::File(SqliteFile::new())
    }

    /// Changes rows behind the service's back, past row-level security. Gives the number of rows.
    pub(crate) fn execute(&self, sql: &str) -> u64 {
        self.behind_its_back(async |connection| connection.execute_unprepared(sql).await.unwrap().rows_affected())
    }

    /// Reads rows in the same way: the first column, which is text.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        self.behind_its_back(async |connection| {
            let statement = Statement::from_string(connection.get_database_backend(), sql);
            let rows = connection.query_all_raw(statement).await.unwrap();
            rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
        })
    }

    fn behind_its_back<T>(&self, work: impl AsyncFnOnce(&DatabaseConnection) -> T) -> T {
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
            let answer = work(&connection).await;
            connection.close().await.unwrap();
            answer
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

/// A database on PostgreSQL as a deployment has it: the owner has brought its schema up to date and given the role the service
/// connects as what that needs. A right that is missing fails whatever needs it.
pub(crate) fn postgres_made_ready() -> PostgresDatabase {
    let database = PostgresServer::shared().database();
    let (owner, role) = (database.owner_url().to_owned(), database.name().to_owned());
    // In a thread of its own, for whoever calls may be inside a runtime.
    let made_ready = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let owner = Database::connect(&DatabaseSettings::new(owner)).await.unwrap();
            owner.migrate_up().await.unwrap();
            owner.grant_to(&role).await.unwrap();
            owner.close().await;
        });
    });
    made_ready.join().unwrap();
    database
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
