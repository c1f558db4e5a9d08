//! A migration written as SQL, once for both databases wherever they agree.

use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, async_trait,
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

/// One step of the schema's history. Its name orders it and is recorded in `rookery_migrations`.
#[derive(Clone, Copy)]
pub(crate) struct SqlMigration {
    pub(crate) name: &'static str,
    pub(crate) up: Sql,
    pub(crate) down: Sql,
}

/// The statements of one direction.
#[derive(Clone, Copy)]
pub(crate) enum Sql {
    /// One text for both databases. What they spell differently stands in braces, see [`SPELLINGS`].
    Both(&'static str),
    /// A text for each. An empty one does nothing.
    Each {
        postgres: &'static str,
        sqlite: &'static str,
    },
}

/// The words the two databases spell differently: the word, PostgreSQL's spelling, SQLite's.
///
/// SQLite's `{now}` is written as sqlx writes a `DateTime<Utc>`, for `CURRENT_TIMESTAMP` has another format and would
/// not compare with the rest.
const SPELLINGS: [(&str, &str, &str); 6] = [
    ("{id}", "uuid", "blob"),
    ("{random_id}", "gen_random_uuid()", "(randomblob(16))"),
    ("{time}", "timestamptz", "text"),
    ("{now}", "now()", "(strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))"),
    ("{bytes}", "bytea", "blob"),
    ("{texts}", "text[]", "text"),
];

impl Sql {
    fn text(self, backend: DbBackend) -> Result<String, DbErr> {
        let (postgres, sqlite) = match self {
            Self::Both(text) => (text, text),
            Self::Each { postgres, sqlite } => (postgres, sqlite),
        };
        match backend {
            DbBackend::Postgres => Ok(SPELLINGS.iter().fold(postgres.to_owned(), |text, (word, spelling, _)| {
                text.replace(word, spelling)
            })),
            DbBackend::Sqlite => Ok(SPELLINGS.iter().fold(sqlite.to_owned(), |text, (word, _, spelling)| {
                text.replace(word, spelling)
            })),
            other => Err(DbErr::BackendNotSupported {
                db: other.as_str(),
                ctx: "rookery-migrations",
            }),
        }
    }

    async fn run(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let text = self.text(manager.get_database_backend())?;
        if !text.is_empty() {
            manager.get_connection().execute_unprepared(&text).await?;
        }
        Ok(())
    }
}

impl MigrationName for SqlMigration {
    fn name(&self) -> &'static str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlMigration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.up.run(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.down.run(manager).await
    }
}
