//! What a tenant's policy does to sessions that run, and since when it asks for a second factor.
//!
//! `rookery_tenant_policies` holds beside the shared table what that has no column for: `two_factor_since`, the moment from
//! which members have their grace. Where it is missing, another program has switched the second factor on, and the last
//! change of the policy counts. The deadline of a person is worked out with every look-up from the tenants they belong to
//! then, and is stored with no session any more: a tenant they have left asks for nothing.
//!
//! The one statement behind every authenticated request: who do these tokens belong to?
//!
//! Requests that come together are looked up together, for most of what a look-up costs is paid once a statement. All texts
//! take as `$1` the tokens' digests in lower-case hexadecimal digits, separated by commas, and as `$2` the current time.
//! They give a row of the columns below for each digest that has a session. A session whose person is deleted, or that is
//! past either of its ends, is not found. A digest that is named twice is answered twice.
//!
//! | column | type | |
//! |---|---|---|
//! | `place` | int4 | which of the digests, from 0 |
//! | `session_id`, `user_id` | uuid | |
//! | `tenant_id`, `tenant_name` | uuid, text | NULL without an active tenant, and when the membership or the tenant is gone |
//! | `roles` | text | a JSON array on both databases, `[]` without a tenant |
//! | `remember` | bool | |
//! | `methods` | text | comma separated |
//! | `created_at`, `authenticated_at`, `last_seen_at`, `expires_at` | time | of the session |
//! | `idle_seconds` | int4 | |
//! | `timeout_hours` | int4 or NULL | how long after the last proof a session may live in the active tenant; NULL where the tenant does not say |
//! | `second_factor_since` | time or NULL | since when a tenant asks the person, who has none, for a second factor |
//! | `email` | text | |
//! | `email_verified` | time or NULL | |
//! | `pending_email`, `pending_email_expires_at` | text and time or NULL | an address that waits for its confirmation |
//! | `name`, `given_name`, `family_name`, `picture` | text or NULL | |
//! | `created`, `updated` | time | of the person |
//! | `theme`, `language`, `timezone` | text or NULL | NULL when the person has no preferences yet |
//! | `email_notifications`, `push_notifications`, `weekly_reports`, `marketing_emails` | bool or NULL | the same |

use crate::m0011_session_lookup;
use crate::sql_migration::{Sql, SqlMigration};

// Not `SECURITY DEFINER`: it can do nothing its caller could not. Written in plpgsql, which keeps its plans for the life
// of the connection, where an SQL function plans anew at each call (1.7 ms against 0.2 ms, all told).
//
// Given are how it comes to be, the settings of its plan, and where its rows come from: those of the tenants that may ask the
// person for a second factor, and those of the session.
macro_rules! function {
    ($create:literal, $settings:literal, $asking:literal, $from:literal) => {
        concat!(
            $create,
            " FUNCTION rookery_sessions_of(presented text, at timestamptz) RETURNS TABLE (
    place integer, session_id uuid, user_id uuid, tenant_id uuid, remember boolean, methods text, created_at timestamptz,
    authenticated_at timestamptz, last_seen_at timestamptz, idle_seconds integer, expires_at timestamptz,
    timeout_hours integer, second_factor_since timestamptz,
    tenant_name text, roles text, email text, email_verified timestamptz, pending_email text,
    pending_email_expires_at timestamptz, name text, given_name text, family_name text,
    picture text, created timestamptz, updated timestamptz, theme varchar, language varchar, timezone varchar,
    email_notifications boolean, push_notifications boolean, weekly_reports boolean, marketing_emails boolean
) LANGUAGE plpgsql ROWS 8
    ",
            $settings,
            "
AS $$
DECLARE
    was text;
BEGIN
    was := set_config('app.rookery_scope', 'service', true);
    RETURN QUERY
        SELECT (d.place - 1)::integer, s.id, s.user_id, t.id, s.remember, s.methods, s.created_at, s.authenticated_at,
            s.last_seen_at, s.idle_seconds, s.expires_at, q.session_timeout_hours,
            CASE WHEN c.second_factor_at IS NULL THEN (
                SELECT min(greatest(coalesce(r.two_factor_since, y.updated), x.created))
                FROM ",
            $asking,
            ") END,
            t.name,
            CASE WHEN t.id IS NULL THEN '[]' ELSE coalesce(array_to_json(m.roles)::text, '[]') END,
            u.email, u.email_verified, c.pending_email, c.pending_email_expires_at, u.name, u.given_name, u.family_name, u.picture, u.created, u.updated,
            p.theme, p.language, p.timezone, p.email_notifications, p.push_notifications, p.weekly_reports,
            p.marketing_emails
        FROM unnest(string_to_array(presented, ',')) WITH ORDINALITY d (digest, place)
",
            $from,
            ";
    was := set_config('app.rookery_scope', '', true);
END $$;
"
        )
    };
}
pub(crate) use function;

/// As it was until [`m0028_lookup_plan`](crate::m0028_lookup_plan), which tells why it is so no more.
macro_rules! joined {
    ($create:literal) => {
        $crate::m0022_policies::function!(
            $create,
            "SET plan_cache_mode = force_generic_plan SET join_collapse_limit = 1 SET enable_seqscan = off",
            "tenant_users x
                JOIN tenants z ON z.id = x.tenant_id AND z.deleted IS NULL
                JOIN tenant_policies y ON y.tenant_id = x.tenant_id AND y.two_factor_required
                LEFT JOIN rookery_tenant_policies r ON r.tenant_id = x.tenant_id
                WHERE x.user_id = s.user_id AND x.deleted IS NULL",
            "        JOIN rookery_sessions s ON s.token_hash = decode(d.digest, 'hex') AND s.idle_expires_at > at AND s.expires_at > at
        JOIN users u ON u.id = s.user_id AND u.deleted IS NULL
        LEFT JOIN rookery_credentials c ON c.user_id = s.user_id
        LEFT JOIN tenant_users m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.deleted IS NULL
        LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL
        LEFT JOIN tenant_policies q ON q.tenant_id = t.id
        LEFT JOIN user_preferences p ON p.user_id = s.user_id"
        )
    };
}
pub(crate) use joined;

macro_rules! table {
    () => {
        "CREATE TABLE rookery_tenant_policies (
            tenant_id {id} NOT NULL PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
            two_factor_since {time}
        );
        ALTER TABLE rookery_sessions DROP COLUMN second_factor_due_at;"
    };
}

macro_rules! untable {
    () => {
        "DROP TABLE rookery_tenant_policies;
        ALTER TABLE rookery_sessions ADD COLUMN second_factor_due_at {time};"
    };
}

pub(crate) const MIGRATION: SqlMigration = SqlMigration {
    name: "m0022_policies",
    up: Sql::Each {
        postgres: concat!(
            table!(),
            "ALTER TABLE rookery_tenant_policies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY rookery_service ON rookery_tenant_policies USING (rookery_is_service());
            CREATE POLICY rookery_read ON rookery_tenant_policies FOR SELECT
                USING (rookery_is_service() OR rookery_is_member(tenant_id));
            DROP FUNCTION rookery_sessions_of(text, timestamptz);",
            joined!("CREATE")
        ),
        sqlite: table!(),
    },
    down: Sql::Each {
        postgres: concat!(
            untable!(),
            "DROP FUNCTION rookery_sessions_of(text, timestamptz);",
            m0011_session_lookup::function!()
        ),
        sqlite: untable!(),
    },
};

/// The columns in their order, as a literal.
macro_rules! columns {
    () => {
        "place, session_id, user_id, tenant_id, remember, methods, created_at, authenticated_at, last_seen_at, \
         idle_seconds, expires_at, timeout_hours, second_factor_since, tenant_name, roles, email, email_verified, pending_email, pending_email_expires_at, \
         name, given_name, family_name, picture, created, updated, theme, language, timezone, email_notifications, push_notifications, weekly_reports, \
         marketing_emails"
    };
}

/// The session lookup on PostgreSQL.
///
/// One statement, no transaction around it: the function opens the service scope, reads, and closes it. A caller in the
/// service scope leaves it thereby.
pub const SESSION_LOOKUP_POSTGRES: &str = concat!("SELECT ", columns!(), " FROM rookery_sessions_of($1, $2)");

/// The session lookup on SQLite, as a literal. `CROSS JOIN` keeps SQLite from any other order than digest,
/// session, rest; and asks tenants first whether they want a second factor, which most do not.
macro_rules! session_lookup_sqlite {
    () => {
        "SELECT d.key AS place, s.id AS session_id, s.user_id AS user_id, t.id AS tenant_id, \
         s.remember AS remember, s.methods AS methods, s.created_at AS created_at, s.authenticated_at AS authenticated_at, \
         s.last_seen_at AS last_seen_at, s.idle_seconds AS idle_seconds, s.expires_at AS expires_at, \
         q.session_timeout_hours AS timeout_hours, \
         CASE WHEN c.second_factor_at IS NULL THEN (SELECT min(max(coalesce(r.two_factor_since, y.updated), x.created)) \
         FROM tenant_users x CROSS JOIN tenant_policies y ON y.tenant_id = x.tenant_id AND y.two_factor_required \
         CROSS JOIN tenants z ON z.id = x.tenant_id AND z.deleted IS NULL \
         LEFT JOIN rookery_tenant_policies r ON r.tenant_id = x.tenant_id \
         WHERE x.user_id = s.user_id AND x.deleted IS NULL) END AS second_factor_since, \
         t.name AS tenant_name, CASE WHEN t.id IS NULL THEN '[]' ELSE coalesce(m.roles, '[]') END AS roles, \
         u.email AS email, u.email_verified AS email_verified, c.pending_email AS pending_email, \
         c.pending_email_expires_at AS pending_email_expires_at, u.name AS name, u.given_name AS given_name, \
         u.family_name AS family_name, u.picture AS picture, u.created AS created, u.updated AS updated, \
         p.theme AS theme, p.language AS language, p.timezone AS timezone, p.email_notifications AS email_notifications, \
         p.push_notifications AS push_notifications, p.weekly_reports AS weekly_reports, \
         p.marketing_emails AS marketing_emails \
         FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]') d \
         CROSS JOIN rookery_sessions s ON s.token_hash = unhex(d.value) \
         JOIN users u ON u.id = s.user_id AND u.deleted IS NULL \
         LEFT JOIN rookery_credentials c ON c.user_id = s.user_id \
         LEFT JOIN tenant_users m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.deleted IS NULL \
         LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
         LEFT JOIN tenant_policies q ON q.tenant_id = t.id \
         LEFT JOIN user_preferences p ON p.user_id = s.user_id \
         WHERE s.idle_expires_at > $2 AND s.expires_at > $2"
    };
}

/// The session lookup on SQLite: the same columns as [`SESSION_LOOKUP_POSTGRES`], with the same meaning and the same types
/// once decoded.
pub const SESSION_LOOKUP_SQLITE: &str = concat!("SELECT ", columns!(), " FROM (", session_lookup_sqlite!(), ")");

/// [`SESSION_LOOKUP_SQLITE`] with its rows packed into one JSON array of arrays, in any order, and their columns in the
/// usual one: ids as hexadecimal digits, times as they are stored, booleans as 0 and 1. The driver copies every value of a
/// row by itself and hands every row over by itself, which costs more than the search.
pub const SESSION_LOOKUP_SQLITE_PACKED: &str = concat!(
    "SELECT json_group_array(json_array(place, hex(session_id), hex(user_id), nullif(hex(tenant_id), ''), remember, \
     methods, created_at, authenticated_at, last_seen_at, idle_seconds, expires_at, timeout_hours, second_factor_since, tenant_name, \
     roles, email, \
     email_verified, pending_email, pending_email_expires_at, name, given_name, family_name, picture, created, updated, theme, language, timezone, \
     email_notifications, push_notifications, weekly_reports, marketing_emails)) FROM (",
    session_lookup_sqlite!(),
    ")"
);
