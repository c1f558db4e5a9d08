//! Accounts that wait for their deletion, that may not be erased, and that were.
//!
//! `closed_tenants` is a JSON array of the ids of tenants that were closed with the account, for they are opened again when it
//! is kept. A hold refers to its person so that nobody can delete them past it. A receipt refers to nobody: `user_id` leads to
//! nobody any more, and `counts` is a JSON object of the numbers of rows by table.
//!
//! The other indexes are for housekeeping: what has run out, and who never verified their address, is found without reading
//! everything else.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! tables {
    () => {
        "CREATE TABLE rookery_deletions (
            user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            requested_at {time} NOT NULL,
            due_at {time} NOT NULL,
            closed_tenants text NOT NULL,
            reason text
        );
        CREATE INDEX rookery_deletions_due_at_idx ON rookery_deletions (due_at);
        CREATE TABLE rookery_legal_holds (
            user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE RESTRICT,
            placed_at {time} NOT NULL,
            reason text NOT NULL
        );
        CREATE TABLE rookery_erasures (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL,
            basis text NOT NULL
                CONSTRAINT rookery_erasures_basis_check CHECK (basis IN ('asked', 'operator', 'unverified', 'replayed')),
            actor text NOT NULL,
            requested_at {time},
            erased_at {time} NOT NULL,
            counts text NOT NULL
        );
        CREATE INDEX rookery_erasures_erased_at_idx ON rookery_erasures (erased_at);
        CREATE INDEX users_unverified_idx ON users (created) WHERE email_verified IS NULL;
        CREATE INDEX rookery_factors_removed_at_idx ON rookery_factors (removed_at) WHERE removed_at IS NOT NULL;
        CREATE INDEX rookery_factors_unconfirmed_idx ON rookery_factors (created_at) WHERE confirmed_at IS NULL;
        CREATE INDEX rookery_recovery_codes_replaced_at_idx ON rookery_recovery_codes (replaced_at)
            WHERE replaced_at IS NOT NULL;"
    };
}

const DOWN: &str = "DROP INDEX rookery_recovery_codes_replaced_at_idx;
    DROP INDEX rookery_factors_unconfirmed_idx;
    DROP INDEX rookery_factors_removed_at_idx;
    DROP INDEX users_unverified_idx;
    DROP TABLE rookery_erasures;
    DROP TABLE rookery_legal_holds;
    DROP TABLE rookery_deletions;";

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0025_deletions",
    up: Sql::Each {
        postgres: concat!(
            tables!(),
            "ALTER TABLE rookery_deletions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_legal_holds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_erasures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_service ON rookery_deletions USING (rookery_is_service());
            CREATE POLICY rookery_own_read ON rookery_deletions FOR SELECT
                USING (rookery_is_service() OR user_id = rookery_current_user());
            CREATE POLICY rookery_service ON rookery_legal_holds USING (rookery_is_service());
            CREATE POLICY rookery_service ON rookery_erasures USING (rookery_is_service());"
        ),
        sqlite: tables!(),
    },
    down: Sql::Both(DOWN),
};
