//! Row-level security on every table with a person's or a tenant's rows (PostgreSQL).
//!
//! Three functions answer for whom the transaction works; an unset or empty setting is NULL, and NULL equals nothing, so it
//! denies. They are plain SQL and stable, so the planner writes them into the query and can use them with an index. Two
//! more look a membership up. Those it cannot write into the query, which is wanted: a query that does not get as far as
//! asking them does not prepare for it either (10 of 60 µs of a session lookup). `rookery_is_service()` stands first in
//! each condition, so that what follows is not asked. Their bodies are parsed when they are made (PostgreSQL 14), so no
//! `search_path` can slip other tables under them.
//!
//! No policy asks a table whose policy asks it back: the membership functions read `tenant_users`, whose own policies
//! read nothing else.

use crate::sql_migration::{Sql, SqlMigration};

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0010_row_level_security",
    up: Sql::Each {
        postgres: UP,
        sqlite: "",
    },
    down: Sql::Each {
        postgres: DOWN,
        sqlite: "",
    },
};

const UP: &str = "
CREATE FUNCTION rookery_current_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.current_user_id', true), '')::uuid;
CREATE FUNCTION rookery_current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.current_tenant_id', true), '')::uuid;
CREATE FUNCTION rookery_is_service() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.rookery_scope', true), '') = 'service';
CREATE FUNCTION rookery_is_member(tenant uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN EXISTS (
        SELECT FROM tenant_users member
        WHERE member.tenant_id = tenant AND member.user_id = rookery_current_user() AND member.deleted IS NULL);
CREATE FUNCTION rookery_is_fellow_member(person uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN EXISTS (
        SELECT FROM tenant_users member
        WHERE member.tenant_id = rookery_current_tenant() AND member.user_id = person AND member.deleted IS NULL);

ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_policies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE user_preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE rookery_addresses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE rookery_credentials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE rookery_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE rookery_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE rookery_outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE rookery_audit_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY rookery_own ON users
    USING (rookery_is_service() OR id = rookery_current_user());
CREATE POLICY rookery_fellow_members ON users FOR SELECT
    USING (rookery_is_service() OR rookery_is_fellow_member(id));

CREATE POLICY rookery_own ON user_preferences USING (rookery_is_service() OR user_id = rookery_current_user());
CREATE POLICY rookery_own ON rookery_addresses USING (rookery_is_service() OR user_id = rookery_current_user());
CREATE POLICY rookery_own ON rookery_credentials USING (rookery_is_service() OR user_id = rookery_current_user());
CREATE POLICY rookery_own ON rookery_sessions USING (rookery_is_service() OR user_id = rookery_current_user());
CREATE POLICY rookery_own ON rookery_tokens USING (rookery_is_service() OR user_id = rookery_current_user());
CREATE POLICY rookery_own ON rookery_outbox USING (rookery_is_service() OR user_id = rookery_current_user());

CREATE POLICY rookery_service ON rookery_audit_events USING (rookery_is_service());
CREATE POLICY rookery_own_read ON rookery_audit_events FOR SELECT
    USING (rookery_is_service() OR user_id = rookery_current_user());
CREATE POLICY rookery_own_append ON rookery_audit_events FOR INSERT
    WITH CHECK (rookery_is_service() OR user_id = rookery_current_user());

CREATE POLICY rookery_service ON tenants USING (rookery_is_service());
CREATE POLICY rookery_read ON tenants FOR SELECT
    USING (rookery_is_service() OR id = rookery_current_tenant() OR rookery_is_member(id));

CREATE POLICY rookery_service ON tenant_users USING (rookery_is_service());
CREATE POLICY rookery_read ON tenant_users FOR SELECT
    USING (rookery_is_service() OR user_id = rookery_current_user() OR tenant_id = rookery_current_tenant());

CREATE POLICY rookery_service ON tenant_policies USING (rookery_is_service());
CREATE POLICY rookery_read ON tenant_policies FOR SELECT
    USING (rookery_is_service() OR tenant_id = rookery_current_tenant() OR rookery_is_member(tenant_id));
";

const DOWN: &str = "
DROP POLICY rookery_read ON tenant_policies;
DROP POLICY rookery_service ON tenant_policies;
DROP POLICY rookery_read ON tenant_users;
DROP POLICY rookery_service ON tenant_users;
DROP POLICY rookery_read ON tenants;
DROP POLICY rookery_service ON tenants;
DROP POLICY rookery_own_append ON rookery_audit_events;
DROP POLICY rookery_own_read ON rookery_audit_events;
DROP POLICY rookery_service ON rookery_audit_events;
DROP POLICY rookery_own ON rookery_outbox;
DROP POLICY rookery_own ON rookery_tokens;
DROP POLICY rookery_own ON rookery_sessions;
DROP POLICY rookery_own ON rookery_credentials;
DROP POLICY rookery_own ON rookery_addresses;
DROP POLICY rookery_own ON user_preferences;
DROP POLICY rookery_fellow_members ON users;
DROP POLICY rookery_own ON users;

ALTER TABLE rookery_audit_events NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE rookery_outbox NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE rookery_tokens NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE rookery_sessions NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE rookery_credentials NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE rookery_addresses NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE user_preferences NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_policies NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_users NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;

DROP FUNCTION rookery_is_fellow_member(uuid);
DROP FUNCTION rookery_is_member(uuid);
DROP FUNCTION rookery_is_service();
DROP FUNCTION rookery_current_tenant();
DROP FUNCTION rookery_current_user();
";
