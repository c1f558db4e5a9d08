//! What somebody agreed to, or took back: one row each time, in the version of the words they saw.
//!
//! The table is append-only, whoever writes: triggers refuse every change, and every deletion while the person has an account.
//! Ending an account takes its rows along. On SQLite one more trigger stops `INSERT OR REPLACE`, which deletes without a
//! trigger's knowledge. The question whether there still is an account is asked in the service's scope, for a person's row is
//! hidden from whoever does not say for whom they work.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! table {
    () => {
        "CREATE TABLE rookery_consents (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            subject text NOT NULL
                CONSTRAINT rookery_consents_subject_check CHECK (subject IN ('terms', 'privacy', 'marketing')),
            version text NOT NULL,
            given boolean NOT NULL,
            channel text NOT NULL,
            language text NOT NULL,
            decided_at {time} NOT NULL
        );
        CREATE INDEX rookery_consents_user_id_idx ON rookery_consents (user_id, decided_at, id);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0023_consents",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_consents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_own ON rookery_consents
                USING (rookery_is_service() OR user_id = rookery_current_user());
            CREATE FUNCTION rookery_guard_consents() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            DECLARE
                scope CONSTANT text := coalesce(current_setting('app.rookery_scope', true), '');
                lives boolean;
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    PERFORM set_config('app.rookery_scope', 'service', true);
                    SELECT EXISTS (SELECT FROM users WHERE id = OLD.user_id AND deleted IS NULL) INTO lives;
                    PERFORM set_config('app.rookery_scope', scope, true);
                    IF NOT lives THEN
                        RETURN OLD;
                    END IF;
                END IF;
                RAISE EXCEPTION 'rookery_consents is append-only' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER rookery_append_only BEFORE UPDATE OR DELETE ON rookery_consents
                FOR EACH ROW EXECUTE FUNCTION rookery_guard_consents();
            CREATE TRIGGER rookery_never_truncated BEFORE TRUNCATE ON rookery_consents
                FOR EACH STATEMENT EXECUTE FUNCTION rookery_guard_consents();
            ALTER TABLE rookery_consents ENABLE ALWAYS TRIGGER rookery_append_only;
            ALTER TABLE rookery_consents ENABLE ALWAYS TRIGGER rookery_never_truncated;"
        ),
        sqlite: concat!(
            table!(),
            "
            CREATE TRIGGER rookery_consents_change BEFORE UPDATE ON rookery_consents
            BEGIN
                SELECT raise(ABORT, 'rookery_consents is append-only');
            END;
            CREATE TRIGGER rookery_consents_deletion BEFORE DELETE ON rookery_consents
            WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id AND deleted IS NULL)
            BEGIN
                SELECT raise(ABORT, 'rookery_consents is append-only');
            END;
            CREATE TRIGGER rookery_consents_replacement BEFORE INSERT ON rookery_consents
            WHEN EXISTS (SELECT 1 FROM rookery_consents known WHERE known.id = NEW.id)
            BEGIN
                SELECT raise(ABORT, 'rookery_consents is append-only');
            END;"
        ),
    },
    down: Sql::Each {
        postgres: "DROP TABLE rookery_consents; DROP FUNCTION rookery_guard_consents();",
        sqlite: "DROP TABLE rookery_consents;",
    },
};
