//! Who of the people with an account is staff, and as what; and the log of what staff did, found without reading what everybody
//! did.
//!
//! On PostgreSQL only the service makes somebody staff; a person may see what they are. What staff see of others they see in the
//! service's scope, one transaction at a time: nothing is opened to anybody else's.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_staff (
            user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            role text NOT NULL,
            granted_at {time} NOT NULL
        );
        CREATE INDEX rookery_audit_events_staff_idx ON rookery_audit_events (occurred_at, id)
            WHERE substr(action, 1, 6) = 'staff.';"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0026_staff",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_staff ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_service ON rookery_staff USING (rookery_is_service());
            CREATE POLICY rookery_own_read ON rookery_staff FOR SELECT
                USING (rookery_is_service() OR user_id = rookery_current_user());"
        ),
        sqlite: table!(),
    },
    down: Sql::Both("DROP INDEX rookery_audit_events_staff_idx; DROP TABLE rookery_staff;"),
};
