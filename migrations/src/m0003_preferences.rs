//! What a person likes. The column defaults are those other programs know; Rookery writes every column itself.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0003_preferences",
    up: Sql::Both(
        "CREATE TABLE user_preferences (
            id {id} NOT NULL PRIMARY KEY DEFAULT {random_id},
            user_id {id} NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
            theme varchar(50) DEFAULT 'light',
            language varchar(10) DEFAULT 'en',
            timezone varchar(100) DEFAULT 'UTC',
            email_notifications boolean DEFAULT true,
            push_notifications boolean DEFAULT true,
            weekly_reports boolean DEFAULT false,
            marketing_emails boolean DEFAULT false,
            created {time} NOT NULL DEFAULT {now},
            updated {time} NOT NULL DEFAULT {now}
        );",
    ),
    down: Sql::Both("DROP TABLE user_preferences;"),
};
