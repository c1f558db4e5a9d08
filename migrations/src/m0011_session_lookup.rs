//! The one statement behind every authenticated request, as it was before tenants' policies counted for sessions that run:
//! what it is now, and its columns, is told in [`m0022_policies`](crate::m0022_policies).

use crate::sql_migration::{Sql, SqlMigration};

// Not `SECURITY DEFINER`: it can do nothing its caller could not. Written in plpgsql, which keeps its plans for the life
// of the connection, where an SQL function plans anew at each call (1.7 ms against 0.2 ms, all told).
//
// Its settings were to keep the plan to what it must be at any size, namely an index search for each digest and then for each
// of its session's rows: the planner takes the conditions of row-level security for far more selective than they are, and
// would begin with reading all sessions. They do not; [`m0028_lookup_plan`](crate::m0028_lookup_plan) does.
macro_rules! function {
    () => {
        "
CREATE FUNCTION rookery_sessions_of(presented text, at timestamptz) RETURNS TABLE (
    place integer, session_id uuid, user_id uuid, tenant_id uuid, remember boolean, methods text, created_at timestamptz,
    authenticated_at timestamptz, last_seen_at timestamptz, idle_seconds integer, expires_at timestamptz,
    second_factor_due_at timestamptz,
    tenant_name text, roles text, email text, email_verified timestamptz, pending_email text,
    pending_email_expires_at timestamptz, name text, given_name text, family_name text,
    picture text, created timestamptz, updated timestamptz, theme varchar, language varchar, timezone varchar,
    email_notifications boolean, push_notifications boolean, weekly_reports boolean, marketing_emails boolean
) LANGUAGE plpgsql ROWS 8
    SET plan_cache_mode = force_generic_plan SET join_collapse_limit = 1 SET enable_seqscan = off
AS $$
DECLARE
    was text;
BEGIN
    was := set_config('app.rookery_scope', 'service', true);
    RETURN QUERY
        SELECT (d.place - 1)::integer, s.id, s.user_id, t.id, s.remember, s.methods, s.created_at, s.authenticated_at,
            s.last_seen_at, s.idle_seconds, s.expires_at, s.second_factor_due_at, t.name,
            CASE WHEN t.id IS NULL THEN '[]' ELSE coalesce(array_to_json(m.roles)::text, '[]') END,
            u.email, u.email_verified, c.pending_email, c.pending_email_expires_at, u.name, u.given_name, u.family_name, u.picture, u.created, u.updated,
            p.theme, p.language, p.timezone, p.email_notifications, p.push_notifications, p.weekly_reports,
            p.marketing_emails
        FROM unnest(string_to_array(presented, ',')) WITH ORDINALITY d (digest, place)
        JOIN rookery_sessions s ON s.token_hash = decode(d.digest, 'hex') AND s.idle_expires_at > at AND s.expires_at > at
        JOIN users u ON u.id = s.user_id AND u.deleted IS NULL
        LEFT JOIN rookery_credentials c ON c.user_id = s.user_id
        LEFT JOIN tenant_users m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.deleted IS NULL
        LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL
        LEFT JOIN user_preferences p ON p.user_id = s.user_id;
    was := set_config('app.rookery_scope', '', true);
END $$;
"
    };
}
pub(crate) use function;

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0011_session_lookup",
    up: Sql::Each {
        postgres: function!(),
        sqlite: "",
    },
    down: Sql::Each {
        postgres: "DROP FUNCTION rookery_sessions_of(text, timestamptz);",
        sqlite: "",
    },
};
