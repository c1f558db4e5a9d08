//! The picture that a person shows, if they have uploaded one. Each has a row of their own, also when two show the same, so
//! that a picture is gone when its person is, and nobody has to count who else shows it.
//!
//! `path` is what `users.picture` says while the picture is shown; when that says something else, another program has put it
//! there, and the row is a leftover. The content comes last, for SQLite reads a row from its beginning.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_pictures (
            user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            path text NOT NULL,
            stored_at {time} NOT NULL,
            content {bytes} NOT NULL
        );
        CREATE INDEX rookery_pictures_path_idx ON rookery_pictures (path);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0018_pictures",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_pictures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_own ON rookery_pictures
                USING (rookery_is_service() OR user_id = rookery_current_user());"
        ),
        sqlite: table!(),
    },
    down: Sql::Both("DROP TABLE rookery_pictures;"),
};
