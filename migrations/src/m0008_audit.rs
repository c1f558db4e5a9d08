//! What happened to whom. The ids are no foreign keys: an event survives the erasure of the person it is about.
//!
//! The table is append-only, whoever writes: triggers refuse every change but one, and every deletion but of a row that
//! this one change has been made to. That change sets `anonymised_at` and clears what is personal (`request_id`, which clients
//! may choose, `address`, `user_agent`, `detail`). The triggers stand against mistakes and against a stolen connection, not
//! against somebody who may alter tables. On PostgreSQL they fire for replicated changes, too, and `TRUNCATE` is refused;
//! on SQLite one more stops `INSERT OR REPLACE`, which deletes without a trigger's knowledge.
//!
//! Beside the two that readers page through, the indexes are for housekeeping: what is to be anonymised and what may go is
//! found without reading what is neither.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_audit_events (
            id {id} NOT NULL PRIMARY KEY,
            occurred_at {time} NOT NULL,
            action text NOT NULL,
            outcome text NOT NULL,
            actor text NOT NULL,
            target text,
            user_id {id},
            tenant_id {id},
            session_id {id},
            request_id text,
            address text,
            user_agent text,
            detail text,
            anonymised_at {time}
        );
        CREATE INDEX rookery_audit_events_user_id_idx ON rookery_audit_events (user_id, occurred_at, id);
        CREATE INDEX rookery_audit_events_tenant_id_idx ON rookery_audit_events (tenant_id, occurred_at, id)
            WHERE tenant_id IS NOT NULL;
        CREATE INDEX rookery_audit_events_personal_action_idx ON rookery_audit_events (action, occurred_at)
            WHERE anonymised_at IS NULL;
        CREATE INDEX rookery_audit_events_personal_idx ON rookery_audit_events (occurred_at)
            WHERE anonymised_at IS NULL;
        CREATE INDEX rookery_audit_events_anonymised_idx ON rookery_audit_events (occurred_at)
            WHERE anonymised_at IS NOT NULL;"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0008_audit",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "
            CREATE FUNCTION rookery_guard_audit_events() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            DECLARE
                personal CONSTANT text[] := '{anonymised_at,request_id,address,user_agent,detail}';
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF OLD.anonymised_at IS NULL AND NEW.anonymised_at IS NOT NULL
                        AND num_nonnulls(NEW.request_id, NEW.address, NEW.user_agent, NEW.detail) = 0
                        AND to_jsonb(NEW) - personal = to_jsonb(OLD) - personal
                    THEN
                        RETURN NEW;
                    END IF;
                ELSIF TG_OP = 'DELETE' THEN
                    IF OLD.anonymised_at IS NOT NULL THEN
                        RETURN OLD;
                    END IF;
                END IF;
                RAISE EXCEPTION 'rookery_audit_events is append-only' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER rookery_append_only BEFORE UPDATE OR DELETE ON rookery_audit_events
                FOR EACH ROW EXECUTE FUNCTION rookery_guard_audit_events();
            CREATE TRIGGER rookery_never_truncated BEFORE TRUNCATE ON rookery_audit_events
                FOR EACH STATEMENT EXECUTE FUNCTION rookery_guard_audit_events();
            ALTER TABLE rookery_audit_events ENABLE ALWAYS TRIGGER rookery_append_only;
            ALTER TABLE rookery_audit_events ENABLE ALWAYS TRIGGER rookery_never_truncated;"
        ),
        sqlite: concat!(
            table!(),
            "
            CREATE TRIGGER rookery_audit_events_change BEFORE UPDATE ON rookery_audit_events
            WHEN NOT (
                OLD.anonymised_at IS NULL AND NEW.anonymised_at IS NOT NULL
                AND coalesce(NEW.request_id, NEW.address, NEW.user_agent, NEW.detail) IS NULL
                AND NEW.id IS OLD.id AND NEW.occurred_at IS OLD.occurred_at AND NEW.action IS OLD.action
                AND NEW.outcome IS OLD.outcome AND NEW.actor IS OLD.actor AND NEW.target IS OLD.target
                AND NEW.user_id IS OLD.user_id AND NEW.tenant_id IS OLD.tenant_id AND NEW.session_id IS OLD.session_id)
            BEGIN
                SELECT raise(ABORT, 'rookery_audit_events is append-only');
            END;
            CREATE TRIGGER rookery_audit_events_deletion BEFORE DELETE ON rookery_audit_events
            WHEN OLD.anonymised_at IS NULL
            BEGIN
                SELECT raise(ABORT, 'rookery_audit_events is append-only');
            END;
            CREATE TRIGGER rookery_audit_events_replacement BEFORE INSERT ON rookery_audit_events
            WHEN EXISTS (SELECT 1 FROM rookery_audit_events known WHERE known.id = NEW.id)
            BEGIN
                SELECT raise(ABORT, 'rookery_audit_events is append-only');
            END;"
        ),
    },
    down: Sql::Each {
        postgres: "DROP TABLE rookery_audit_events; DROP FUNCTION rookery_guard_audit_events();",
        sqlite: "DROP TABLE rookery_audit_events;",
    },
};
