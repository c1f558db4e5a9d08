//! The databases every promise is tried on.

use rookery_testkit::{
    postgres::{PostgresDatabase, PostgresServer},
    sqlite::{MEMORY_URL, SqliteFile},
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement, Value};

/// A connected database, and what has to outlive the connection.
pub(crate) struct Subject {
    pub(crate) label: &'static str,
    pub(crate) database: DatabaseConnection,
    url: String,
    _file: Option<SqliteFile>,
    postgres: Option<PostgresDatabase>,
}

impl Subject {
    /// Another node's connection to the same database.
    pub(crate) async fn another_node(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// The same database over a connection on which nothing has been set.
    pub(crate) async fn seen_by_another_node(&self) -> Self {
        Self {
            label: self.label,
            database: self.another_node().await,
            url: self.url.clone(),
            _file: None,
            postgres: None,
        }
    }

    /// The PostgreSQL database behind it.
    pub(crate) fn postgres(&self) -> &PostgresDatabase {
        self.postgres.as_ref().unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.database
            .execute_unprepared(sql)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", self.label));
    }

    pub(crate) async fn query(&self, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
        let statement = Statement::from_sql_and_values(self.database.get_database_backend(), sql, values);
        self.database
            .query_all_raw(statement)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", self.label))
    }

    pub(crate) async fn text(&self, sql: &str) -> String {
        let rows = self.query(sql, Vec::new()).await;
        let lines = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap());
        lines.collect::<Vec<_>>().join("\n")
    }
}

pub(crate) async fn memory() -> Subject {
    Subject {
        label: "SQLite in memory",
        database: connect(MEMORY_URL).await,
        url: MEMORY_URL.to_owned(),
        _file: None,
        postgres: None,
    }
}

pub(crate) async fn file() -> Subject {
    let file = SqliteFile::new();
    Subject {
        label: "SQLite in a file",
        database: connect(&file.url()).await,
        url: file.url(),
        _file: Some(file),
        postgres: None,
    }
}

/// As the role that owns the tables, and migrates.
pub(crate) async fn postgres() -> Subject {
    let database = PostgresServer::shared().database();
    Subject {
        label: "PostgreSQL",
        database: connect(database.owner_url()).await,
        url: database.owner_url().to_owned(),
        _file: None,
        postgres: Some(database),
    }
}

/// As the role the service connects as, on a schema the owner has brought up to date and granted.
pub(crate) async fn served() -> Subject {
    let database = PostgresServer::shared().database();
    let owner = connect(database.owner_url()).await;
    rookery_migrations::up(&owner).await.unwrap();
    rookery_migrations::grant(&owner, database.name()).await.unwrap();
    owner.close().await.unwrap();
    Subject {
        label: "PostgreSQL, as the service",
        database: connect(database.url()).await,
        url: database.url().to_owned(),
        _file: None,
        postgres: Some(database),
    }
}

/// One connection each: what is in memory dies with its connection, and a setting is the connection's own.
pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}
