//! A person with an account.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0001_users",
    up: Sql::Both(
        "CREATE TABLE users (
            id {id} NOT NULL PRIMARY KEY,
            created {time} NOT NULL DEFAULT {now},
            updated {time} NOT NULL DEFAULT {now},
            deleted {time},
            name text,
            family_name text,
            given_name text,
            email text NOT NULL,
            picture text,
            email_verified {time}
        );
        CREATE UNIQUE INDEX users_email_key ON users (lower(email));",
    ),
    down: Sql::Both("DROP TABLE users;"),
};
