//! What happened to whom. The ids are no foreign keys: an event survives the erasure of the person it is about.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0008_audit",
    up: Sql::Both(
        "CREATE TABLE rookery_audit_events (
            id {id} NOT NULL PRIMARY KEY,
            occurred_at {time} NOT NULL,
            action text NOT NULL,
            outcome text NOT NULL,
            user_id {id},
            tenant_id {id},
            session_id {id},
            request_id text,
            address text,
            user_agent text,
            detail text
        );
        CREATE INDEX rookery_audit_events_user_id_occurred_at_idx ON rookery_audit_events (user_id, occurred_at);
        CREATE INDEX rookery_audit_events_occurred_at_idx ON rookery_audit_events (occurred_at);",
    ),
    down: Sql::Both("DROP TABLE rookery_audit_events;"),
};
