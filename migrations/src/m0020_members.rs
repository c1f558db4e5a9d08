//! The members of a tenant, for those who are members, and in the order in which they joined.
//!
//! On PostgreSQL the tenant alone showed its members to whoever named it. Now the person must belong to it, too: both settings
//! are needed, and whoever names a tenant of others sees nothing of it. Whether they belong to it is asked once a query and
//! not once a row, for the condition names no column.
//!
//! The question reads `tenant_users`, whose policy asks it: so it is asked in the service's scope, which the function opens
//! for itself and leaves as it was. It can do nothing its caller could not. What sets a value cannot run in parallel.

use crate::sql_migration::{Sql, SqlMigration};

macro_rules! index {
    () => {
        "CREATE INDEX tenant_users_tenant_id_created_idx ON tenant_users (tenant_id, created, user_id);"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0020_members",
    up: Sql::Each {
        postgres: concat!(
            index!(),
            "
            CREATE FUNCTION rookery_is_inside() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
            DECLARE
                scope CONSTANT text := coalesce(current_setting('app.rookery_scope', true), '');
                inside boolean;
            BEGIN
                IF rookery_current_user() IS NULL OR rookery_current_tenant() IS NULL THEN
                    RETURN false;
                END IF;
                PERFORM set_config('app.rookery_scope', 'service', true);
                SELECT EXISTS (
                    SELECT FROM tenant_users member
                    JOIN tenants t ON t.id = member.tenant_id AND t.deleted IS NULL
                    WHERE member.tenant_id = rookery_current_tenant() AND member.user_id = rookery_current_user()
                        AND member.deleted IS NULL)
                INTO inside;
                PERFORM set_config('app.rookery_scope', scope, true);
                RETURN inside;
            END $$;

            DROP POLICY rookery_fellow_members ON users;
            CREATE POLICY rookery_fellow_members ON users FOR SELECT
                USING (rookery_is_service() OR ((SELECT rookery_is_inside()) AND rookery_is_fellow_member(id)));

            DROP POLICY rookery_read ON tenant_users;
            CREATE POLICY rookery_read ON tenant_users FOR SELECT
                USING (rookery_is_service() OR user_id = rookery_current_user()
                    OR (tenant_id = rookery_current_tenant() AND (SELECT rookery_is_inside())));

            DROP POLICY rookery_read ON tenants;
            CREATE POLICY rookery_read ON tenants FOR SELECT USING (rookery_is_service() OR rookery_is_member(id));

            DROP POLICY rookery_read ON tenant_policies;
            CREATE POLICY rookery_read ON tenant_policies FOR SELECT
                USING (rookery_is_service() OR rookery_is_member(tenant_id));"
        ),
        sqlite: index!(),
    },
    down: Sql::Each {
        postgres: "
            DROP POLICY rookery_read ON tenant_policies;
            CREATE POLICY rookery_read ON tenant_policies FOR SELECT
                USING (rookery_is_service() OR tenant_id = rookery_current_tenant() OR rookery_is_member(tenant_id));

            DROP POLICY rookery_read ON tenants;
            CREATE POLICY rookery_read ON tenants FOR SELECT
                USING (rookery_is_service() OR id = rookery_current_tenant() OR rookery_is_member(id));

            DROP POLICY rookery_read ON tenant_users;
            CREATE POLICY rookery_read ON tenant_users FOR SELECT
                USING (rookery_is_service() OR user_id = rookery_current_user() OR tenant_id = rookery_current_tenant());

            DROP POLICY rookery_fellow_members ON users;
            CREATE POLICY rookery_fellow_members ON users FOR SELECT
                USING (rookery_is_service() OR rookery_is_fellow_member(id));

            DROP FUNCTION rookery_is_inside();
            DROP INDEX tenant_users_tenant_id_created_idx;",
        sqlite: "DROP INDEX tenant_users_tenant_id_created_idx;",
    },
};
