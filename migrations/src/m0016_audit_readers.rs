//! Row-level security for those who read a tenant's audit log: its owners, as they are now (PostgreSQL).
//!
//! Both settings are needed, the person's and the tenant's. Whether the person is an owner is asked once a query and not once a
//! row: the condition names no column.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0016_audit_readers",
    up: Sql::Each {
        postgres: "
            CREATE FUNCTION rookery_is_owner(tenant uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
                RETURN EXISTS (
                    SELECT FROM tenant_users member
                    WHERE member.tenant_id = tenant AND member.user_id = rookery_current_user() AND member.deleted IS NULL
                        AND 'owner' = ANY (member.roles));
            CREATE POLICY rookery_owner_read ON rookery_audit_events FOR SELECT
                USING (rookery_is_service()
                    OR (tenant_id = rookery_current_tenant() AND (SELECT rookery_is_owner(rookery_current_tenant()))));",
        sqlite: "",
    },
    down: Sql::Each {
        postgres: "DROP POLICY rookery_owner_read ON rookery_audit_events; DROP FUNCTION rookery_is_owner(uuid);",
        sqlite: "",
    },
};
