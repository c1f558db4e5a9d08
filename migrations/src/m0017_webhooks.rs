//! Where account events go, and those on their way, written in the transaction of what they tell of.
//!
//! A message is named by its webhook and the event of the audit log, so that no event is queued twice for one receiver and a
//! replay finds what it sends again. It holds ids alone; they are no foreign keys, for a message tells of a person's end, too.
//! `events` is a list with commas between the words and one on either side, or NULL for every kind. A secret is sealed.
//!
//! Row-level security shows both tables to the service alone. Most transactions that cause an event work for a person, so on
//! PostgreSQL a function queues its messages, which opens the service scope for itself and leaves the caller's as it was. It
//! is written in plpgsql, which keeps its plan for the life of the connection. It can do nothing its caller could not.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! tables {
    () => {
        "CREATE TABLE rookery_webhooks (
            id {id} NOT NULL PRIMARY KEY,
            tenant_id {id} REFERENCES tenants (id) ON DELETE CASCADE,
            url text NOT NULL,
            events text,
            secret {bytes} NOT NULL,
            previous_secret {bytes},
            overlap_until {time},
            created_at {time} NOT NULL,
            disabled_at {time},
            disabled_reason text
                CONSTRAINT rookery_webhooks_disabled_reason_check CHECK (disabled_reason IN ('operator', 'failing', 'gone')),
            failures integer NOT NULL,
            failing_since {time},
            rests_until {time}
        );
        CREATE INDEX rookery_webhooks_tenant_id_idx ON rookery_webhooks (tenant_id);
        CREATE TABLE rookery_webhook_messages (
            webhook_id {id} NOT NULL REFERENCES rookery_webhooks (id) ON DELETE CASCADE,
            event_id {id} NOT NULL,
            event text NOT NULL,
            occurred_at {time} NOT NULL,
            user_id {id},
            tenant_id {id},
            session_id {id},
            state text NOT NULL
                CONSTRAINT rookery_webhook_messages_state_check CHECK (state IN ('queued', 'delivered', 'dead')),
            attempts integer NOT NULL,
            created_at {time} NOT NULL,
            next_attempt_at {time} NOT NULL,
            lease_until {time},
            lease_holder {id},
            delivered_at {time},
            last_status integer,
            last_error text,
            PRIMARY KEY (webhook_id, event_id)
        );
        CREATE INDEX rookery_webhook_messages_due_idx ON rookery_webhook_messages (webhook_id, next_attempt_at)
            WHERE state = 'queued';
        CREATE INDEX rookery_webhook_messages_occurred_at_idx ON rookery_webhook_messages (webhook_id, occurred_at);
        CREATE INDEX rookery_webhook_messages_created_at_idx ON rookery_webhook_messages (created_at);"
    };
}

/// Queues an event for every webhook that wants it, given the columns and the comparisons in each database's spelling. A
/// tenant's webhook is told of what happens to its members; of a session, only when it was opened inside the tenant or
/// inside none.
macro_rules! announce {
    ($event:literal, $kind:literal, $at:literal, $person:literal, $tenant:literal, $session:literal, $of_session:literal) => {
        concat!(
            "INSERT INTO rookery_webhook_messages (webhook_id, event_id, event, occurred_at, user_id, tenant_id, session_id, \
             state, attempts, created_at, next_attempt_at) \
             SELECT w.id, ", $event, ", ", $kind, ", ", $at, ", ", $person, ", coalesce(w.tenant_id, ", $tenant, "), ", $session,
            ", 'queued', 0, ", $at, ", ", $at, " FROM rookery_webhooks w \
             WHERE w.disabled_at IS NULL AND (w.events IS NULL OR w.events LIKE '%,' || ", $kind, " || ',%') \
             AND (w.tenant_id IS NULL OR ((NOT ", $of_session, " OR ", $tenant, " IS NULL OR w.tenant_id = ", $tenant, ") \
             AND EXISTS (SELECT 1 FROM tenant_users m \
             WHERE m.tenant_id = w.tenant_id AND m.user_id = ", $person, " AND m.deleted IS NULL)))"
        )
    };
}

/// Queues an event for every webhook that wants it, on PostgreSQL: `$1` its id, `$2` its kind, `$3` when, `$4` the person,
/// `$5` the tenant, `$6` the session, `$7` whether it is about that session alone. Works in any scope.
pub const ANNOUNCE_POSTGRES: &str = "SELECT rookery_announce($1, $2, $3, $4, $5, $6, $7)";

/// As [`ANNOUNCE_POSTGRES`], on SQLite.
pub const ANNOUNCE_SQLITE: &str = announce!("$1", "$2", "$3", "$4", "$5", "$6", "$7");

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0017_webhooks",
    up: Sql::Each {
        postgres: concat!(
            tables!(),
            "ALTER TABLE rookery_webhooks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_webhook_messages ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_service ON rookery_webhooks USING (rookery_is_service());
            CREATE POLICY rookery_service ON rookery_webhook_messages USING (rookery_is_service());
            CREATE FUNCTION rookery_announce(event uuid, kind text, happened timestamptz, person uuid, inside uuid,
                session uuid, of_session boolean) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE
                scope CONSTANT text := coalesce(current_setting('app.rookery_scope', true), '');
            BEGIN
                PERFORM set_config('app.rookery_scope', 'service', true);
                ",
            announce!("event", "kind", "happened", "person", "inside", "session", "of_session"),
            ";
                PERFORM set_config('app.rookery_scope', scope, true);
            END $$;"
        ),
        sqlite: tables!(),
    },
    down: Sql::Each {
        postgres: "DROP FUNCTION rookery_announce(uuid, text, timestamptz, uuid, uuid, uuid, boolean);
            DROP TABLE rookery_webhook_messages; DROP TABLE rookery_webhooks;",
        sqlite: "DROP TABLE rookery_webhook_messages; DROP TABLE rookery_webhooks;",
    },
};
