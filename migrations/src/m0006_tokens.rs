//! A one-time token sent by mail. One without a person and without an address is a decoy: written for an unknown address,
//! so that known and unknown cost the same.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0006_tokens",
    up: Sql::Both(
        "CREATE TABLE rookery_tokens (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} REFERENCES users (id) ON DELETE CASCADE,
            purpose text NOT NULL,
            token_hash {bytes} NOT NULL UNIQUE,
            email text,
            created_at {time} NOT NULL,
            expires_at {time} NOT NULL,
            consumed_at {time},
            voided_at {time}
        );
        CREATE INDEX rookery_tokens_user_id_purpose_idx ON rookery_tokens (user_id, purpose);
        CREATE INDEX rookery_tokens_expires_at_idx ON rookery_tokens (expires_at);",
    ),
    down: Sql::Both("DROP TABLE rookery_tokens;"),
};
