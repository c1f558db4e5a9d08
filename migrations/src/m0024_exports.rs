//! Copies of everything that is kept about a person, which they have asked for.
//!
//! A copy is kept in parts of bounded size, each sealed for its place, so that neither making nor fetching one holds all of it in
//! memory. Nobody has two copies in the making: a partial index sees to it. A worker leases the making as others lease mails; a
//! part is only kept while its maker holds the lease.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! tables {
    () => {
        "CREATE TABLE rookery_exports (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            state text NOT NULL
                CONSTRAINT rookery_exports_state_check CHECK (state IN ('pending', 'ready', 'failed')),
            requested_at {time} NOT NULL,
            attempts integer NOT NULL,
            next_attempt_at {time} NOT NULL,
            lease_until {time},
            lease_holder {id},
            settled_at {time},
            expires_at {time},
            size bigint,
            parts integer,
            last_error text
        );
        CREATE UNIQUE INDEX rookery_exports_pending_key ON rookery_exports (user_id) WHERE state = 'pending';
        CREATE INDEX rookery_exports_user_id_idx ON rookery_exports (user_id, requested_at, id);
        CREATE INDEX rookery_exports_due_idx ON rookery_exports (next_attempt_at) WHERE state = 'pending';
        CREATE INDEX rookery_exports_requested_at_idx ON rookery_exports (requested_at);
        CREATE TABLE rookery_export_parts (
            export_id {id} NOT NULL REFERENCES rookery_exports (id) ON DELETE CASCADE,
            number integer NOT NULL,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            kept_at {time} NOT NULL,
            sealed {bytes} NOT NULL,
            PRIMARY KEY (export_id, number)
        );
        CREATE INDEX rookery_export_parts_user_id_idx ON rookery_export_parts (user_id);
        CREATE INDEX rookery_export_parts_kept_at_idx ON rookery_export_parts (kept_at);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0024_exports",
    up: Sql::Each {
        postgres: concat!(
            tables!(),
            "ALTER TABLE rookery_exports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_export_parts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_own ON rookery_exports
                USING (rookery_is_service() OR user_id = rookery_current_user());
            CREATE POLICY rookery_own ON rookery_export_parts
                USING (rookery_is_service() OR user_id = rookery_current_user());"
        ),
        sqlite: tables!(),
    },
    down: Sql::Both("DROP TABLE rookery_export_parts; DROP TABLE rookery_exports;"),
};
