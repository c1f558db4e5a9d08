//! A mail on its way, written in the transaction that causes it. `sealed` holds what it says, encrypted, and is wiped
//! once it is delivered. One for nobody has no recipient and is discarded from the start.
//!
//! The index of what is due serves a query that says `state = 'queued'` in so many words.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0007_outbox",
    up: Sql::Both(
        "CREATE TABLE rookery_outbox (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} REFERENCES users (id) ON DELETE SET NULL,
            kind text NOT NULL,
            recipient text,
            sealed {bytes},
            state text NOT NULL
                CONSTRAINT rookery_outbox_state_check CHECK (state IN ('queued', 'sent', 'discarded', 'abandoned')),
            attempts integer NOT NULL,
            created_at {time} NOT NULL,
            next_attempt_at {time} NOT NULL,
            expires_at {time} NOT NULL,
            lease_until {time},
            sent_at {time},
            last_error text
        );
        CREATE INDEX rookery_outbox_due_idx ON rookery_outbox (next_attempt_at) WHERE state = 'queued';
        CREATE INDEX rookery_outbox_user_id_idx ON rookery_outbox (user_id);",
    ),
    down: Sql::Both("DROP TABLE rookery_outbox;"),
};
