//! Invitations into tenants, and the digests of the tokens they were mailed with.
//!
//! `address` is the lower-case `email`; one invitation to it may be pending in a tenant. `roles` is a JSON array on both databases, for
//! no other program reads the table. `token_hash` is that of the newest mail; those of all mails are kept beside it, so that
//! whoever follows an old link can be told that a newer one replaces it.
//!
//! Members see the invitations of the tenant they are inside of; everything is written by the service. The tokens are the service's
//! alone.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! tables {
    () => {
        "CREATE TABLE rookery_invitations (
            id {id} NOT NULL PRIMARY KEY,
            tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            inviter_user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            email text NOT NULL,
            address text NOT NULL,
            roles text NOT NULL,
            note text,
            token_hash {bytes} NOT NULL UNIQUE,
            state text NOT NULL CONSTRAINT rookery_invitations_state_check
                CHECK (state IN ('pending', 'expired', 'accepted', 'declined', 'revoked')),
            created_at {time} NOT NULL,
            expires_at {time} NOT NULL,
            settled_at {time}
        );
        CREATE UNIQUE INDEX rookery_invitations_pending_key ON rookery_invitations (tenant_id, address)
            WHERE state = 'pending';
        CREATE INDEX rookery_invitations_tenant_id_created_at_idx ON rookery_invitations (tenant_id, created_at, id);
        CREATE INDEX rookery_invitations_inviter_user_id_idx ON rookery_invitations (inviter_user_id);
        CREATE INDEX rookery_invitations_expires_at_idx ON rookery_invitations (expires_at);
        CREATE INDEX rookery_invitations_settled_at_idx ON rookery_invitations (settled_at);
        CREATE TABLE rookery_invitation_tokens (
            token_hash {bytes} NOT NULL PRIMARY KEY,
            invitation_id {id} NOT NULL REFERENCES rookery_invitations (id) ON DELETE CASCADE
        );
        CREATE INDEX rookery_invitation_tokens_invitation_id_idx ON rookery_invitation_tokens (invitation_id);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0021_invitations",
    up: Sql::Each {
        postgres: concat!(
            tables!(),
            "ALTER TABLE rookery_invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE rookery_invitation_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_service ON rookery_invitations USING (rookery_is_service());
            CREATE POLICY rookery_read ON rookery_invitations FOR SELECT
                USING (rookery_is_service() OR (tenant_id = rookery_current_tenant() AND (SELECT rookery_is_inside())));
            CREATE POLICY rookery_service ON rookery_invitation_tokens USING (rookery_is_service());"
        ),
        sqlite: tables!(),
    },
    down: Sql::Both("DROP TABLE rookery_invitation_tokens; DROP TABLE rookery_invitations;"),
};
