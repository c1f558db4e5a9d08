//! A tenant, its members and its policy.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0002_tenants",
    up: Sql::Both(
        "CREATE TABLE tenants (
            id {id} NOT NULL PRIMARY KEY,
            name text NOT NULL,
            created {time} NOT NULL DEFAULT {now},
            updated {time} NOT NULL DEFAULT {now},
            deleted {time},
            compute_id {id}
        );
        CREATE TABLE tenant_users (
            tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created {time} NOT NULL DEFAULT {now},
            updated {time} NOT NULL DEFAULT {now},
            deleted {time},
            roles {texts},
            email text,
            PRIMARY KEY (tenant_id, user_id)
        );
        CREATE INDEX tenant_users_tenant_id_idx ON tenant_users (tenant_id);
        CREATE INDEX tenant_users_user_id_idx ON tenant_users (user_id);
        CREATE TABLE tenant_policies (
            tenant_id {id} NOT NULL PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
            password_min_length integer NOT NULL DEFAULT 8,
            password_require_uppercase boolean NOT NULL DEFAULT false,
            password_require_numbers boolean NOT NULL DEFAULT false,
            password_require_symbols boolean NOT NULL DEFAULT false,
            session_timeout_hours integer NOT NULL DEFAULT 8,
            max_login_attempts integer NOT NULL DEFAULT 5,
            two_factor_required boolean NOT NULL DEFAULT false,
            created {time} NOT NULL DEFAULT {now},
            updated {time} NOT NULL DEFAULT {now}
        );",
    ),
    down: Sql::Both("DROP TABLE tenant_policies; DROP TABLE tenant_users; DROP TABLE tenants;"),
};
