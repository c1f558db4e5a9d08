//! Whoever is deleted is inside no tenant any more, whatever their membership still says (PostgreSQL).
//!
//! What one sees of a tenant hung on the membership alone, so a transaction that went on working for somebody after their end
//! saw the tenant's people. Their own rows they see as before: what ends an account still has to work on them.

use crate::sql_migration::{Sql, SqlMigration};

/// The three functions that look a membership up, given what is joined to it.
macro_rules! functions {
    ($person:literal) => {
        concat!(
            "
            CREATE OR REPLACE FUNCTION rookery_is_member(tenant uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
                RETURN EXISTS (
                    SELECT FROM tenant_users member",
            $person,
            "
                    WHERE member.tenant_id = tenant AND member.user_id = rookery_current_user() AND member.deleted IS NULL);

            CREATE OR REPLACE FUNCTION rookery_is_owner(tenant uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
                RETURN EXISTS (
                    SELECT FROM tenant_users member",
            $person,
            "
                    WHERE member.tenant_id = tenant AND member.user_id = rookery_current_user() AND member.deleted IS NULL
                        AND 'owner' = ANY (member.roles));

            CREATE OR REPLACE FUNCTION rookery_is_inside() RETURNS boolean LANGUAGE plpgsql STABLE
                SET search_path FROM CURRENT AS $$
            DECLARE
                scope CONSTANT text := coalesce(current_setting('app.rookery_scope', true), '');
                inside boolean;
            BEGIN
                IF rookery_current_user() IS NULL OR rookery_current_tenant() IS NULL THEN
                    RETURN false;
                END IF;
                PERFORM set_config('app.rookery_scope', 'service', true);
                SELECT EXISTS (
                    SELECT FROM tenant_users member",
            $person,
            "
                    JOIN tenants t ON t.id = member.tenant_id AND t.deleted IS NULL
                    WHERE member.tenant_id = rookery_current_tenant() AND member.user_id = rookery_current_user()
                        AND member.deleted IS NULL)
                INTO inside;
                PERFORM set_config('app.rookery_scope', scope, true);
                RETURN inside;
            END $$;"
        )
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0027_isolation",
    up: Sql::Each {
        postgres: functions!(" JOIN users person ON person.id = member.user_id AND person.deleted IS NULL"),
        sqlite: "",
    },
    down: Sql::Each {
        postgres: functions!(""),
        sqlite: "",
    },
};
