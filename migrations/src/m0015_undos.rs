//! A change that can be undone, and what a person's account was before it.
//!
//! `ordinal` counts a person's changes. It and not the time says which came first, for nodes' clocks differ. `address` is
//! the lower-case `email`: while the undo lives nobody else may take it. `factors` is a JSON array of the ids of the second
//! factors that counted, `recovery_codes_of` the time the recovery codes were made that were good.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_undos (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            ordinal integer NOT NULL,
            kind text NOT NULL,
            token_hash {bytes} NOT NULL UNIQUE,
            email text NOT NULL,
            address text NOT NULL,
            email_verified {time},
            factors text NOT NULL,
            recovery_codes_of {time},
            created_at {time} NOT NULL,
            expires_at {time} NOT NULL,
            used_at {time},
            voided_at {time},
            UNIQUE (user_id, ordinal)
        );
        CREATE INDEX rookery_undos_address_idx ON rookery_undos (address);
        CREATE INDEX rookery_undos_expires_at_idx ON rookery_undos (expires_at);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0015_undos",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_undos ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_own ON rookery_undos USING (rookery_is_service() OR user_id = rookery_current_user());"
        ),
        sqlite: table!(),
    },
    down: Sql::Both("DROP TABLE rookery_undos;"),
};
