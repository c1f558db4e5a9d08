//! What a person proves himself with. `version` counts the changes, so that a re-hash never undoes one;
//! a change of the second factor is one, for a password alone is then worth more or less. `second_factor_at` says since when
//! sign-ins ask for it. `pending_email` is an address that waits for its confirmation, asked for in the session
//! `pending_email_session`.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0004_credentials",
    up: Sql::Both(
        "CREATE TABLE rookery_credentials (
            user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            password_hash text NOT NULL,
            version integer NOT NULL,
            changed_at {time} NOT NULL,
            last_used_at {time},
            second_factor_at {time},
            pending_email text,
            pending_email_expires_at {time},
            pending_email_session {id},
            disabled_at {time}
        );",
    ),
    down: Sql::Both("DROP TABLE rookery_credentials;"),
};
