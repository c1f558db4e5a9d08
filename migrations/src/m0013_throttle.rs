//! How often somebody has tried. `subject` is a keyed digest, so the table does not tell whom it counts. A counter is void
//! from `ends_at` on: the end of its window, or of the lock that using it up began.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_throttle_counters (
            limit_name text NOT NULL,
            subject {bytes} NOT NULL,
            count integer NOT NULL,
            window_ends_at {time} NOT NULL,
            ends_at {time} NOT NULL,
            PRIMARY KEY (limit_name, subject)
        );
        CREATE INDEX rookery_throttle_counters_ends_at_idx ON rookery_throttle_counters (ends_at);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0013_throttle",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_throttle_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_service ON rookery_throttle_counters USING (rookery_is_service());"
        ),
        sqlite: table!(),
    },
    down: Sql::Both("DROP TABLE rookery_throttle_counters;"),
};
