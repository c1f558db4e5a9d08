//! What is shown beside the password: authenticator apps, recovery codes, and the sign-ins that wait for either.
//!
//! A factor counts from `confirmed_at` to `removed_at`, one of a kind at a time; `sealed_secret` opens only for its person.
//! `last_step` is the newest step whose code was used. Of a recovery code only a keyed digest is kept; `replaced_at` says
//! that it was taken away unused. A challenge rests on the `credential_version` its password was checked against.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! tables {
    () => {
        "CREATE TABLE rookery_factors (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            kind text NOT NULL,
            sealed_secret {bytes} NOT NULL,
            created_at {time} NOT NULL,
            confirmed_at {time},
            removed_at {time},
            last_step bigint,
            last_used_at {time}
        );
        CREATE INDEX rookery_factors_user_id_idx ON rookery_factors (user_id);
        CREATE UNIQUE INDEX rookery_factors_live_key ON rookery_factors (user_id, kind)
            WHERE confirmed_at IS NOT NULL AND removed_at IS NULL;
        CREATE TABLE rookery_recovery_codes (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            digest {bytes} NOT NULL,
            created_at {time} NOT NULL,
            used_at {time},
            replaced_at {time},
            UNIQUE (user_id, digest)
        );
        CREATE TABLE rookery_challenges (
            id {id} NOT NULL PRIMARY KEY,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            token_hash {bytes} NOT NULL UNIQUE,
            credential_version integer NOT NULL,
            remember boolean NOT NULL,
            attempts integer NOT NULL,
            created_at {time} NOT NULL,
            expires_at {time} NOT NULL,
            consumed_at {time}
        );
        CREATE INDEX rookery_challenges_user_id_idx ON rookery_challenges (user_id);
        CREATE INDEX rookery_challenges_expires_at_idx ON rookery_challenges (expires_at);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0014_second_factors",
    up: Sql::Each {
        postgres: concat!(
            tables!(),
            "ALTER TABLE rookery_factors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_recovery_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_challenges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_own ON rookery_factors
                USING (rookery_is_service() OR user_id = rookery_current_user());
            CREATE POLICY rookery_own ON rookery_recovery_codes
                USING (rookery_is_service() OR user_id = rookery_current_user());
            CREATE POLICY rookery_own ON rookery_challenges
                USING (rookery_is_service() OR user_id = rookery_current_user());"
        ),
        sqlite: tables!(),
    },
    down: Sql::Both(
        "DROP TABLE rookery_challenges;
        DROP TABLE rookery_recovery_codes;
        DROP TABLE rookery_factors;",
    ),
};
