//! A browser that a person has signed in with. Only its token's digest is kept; several people may share a browser, and
//! then they share the token. Until `trusted_until` it signs in without the second factor.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_devices (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            token_hash {bytes} NOT NULL,
            user_agent text,
            created_at {time} NOT NULL,
            last_used_at {time} NOT NULL,
            trusted_until {time},
            UNIQUE (token_hash, user_id)
        );
        CREATE INDEX rookery_devices_user_id_last_used_at_idx ON rookery_devices (user_id, last_used_at);
        CREATE INDEX rookery_devices_last_used_at_idx ON rookery_devices (last_used_at);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0012_devices",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_devices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_own ON rookery_devices
                USING (rookery_is_service() OR user_id = rookery_current_user());"
        ),
        sqlite: table!(),
    },
    down: Sql::Both("DROP TABLE rookery_devices;"),
};
