//! A logged-in device. Only the token's digest is kept; `methods` is comma separated, for instance `password`. The index by
//! tenant is for the deletion of one, which otherwise reads every session to set it free.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0005_sessions",
    up: Sql::Both(
        "CREATE TABLE rookery_sessions (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            tenant_id {id} REFERENCES tenants (id) ON DELETE SET NULL,
            token_hash {bytes} NOT NULL UNIQUE,
            remember boolean NOT NULL,
            methods text NOT NULL,
            created_at {time} NOT NULL,
            authenticated_at {time} NOT NULL,
            last_seen_at {time} NOT NULL,
            idle_seconds integer NOT NULL,
            idle_expires_at {time} NOT NULL,
            expires_at {time} NOT NULL,
            second_factor_due_at {time},
            address text,
            user_agent text
        );
        CREATE INDEX rookery_sessions_user_id_created_at_idx ON rookery_sessions (user_id, created_at);
        CREATE INDEX rookery_sessions_tenant_id_idx ON rookery_sessions (tenant_id);
        CREATE INDEX rookery_sessions_expires_at_idx ON rookery_sessions (expires_at);",
    ),
    down: Sql::Both("DROP TABLE rookery_sessions;"),
};
