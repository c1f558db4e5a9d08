//! A person's live sessions, for their own eyes.

use std::net::IpAddr;

use rookery_core::ports::ListedSession;
use rookery_domain::session::end_within;
use rookery_domain::{Session, SessionId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::methods;
use crate::error::Failure;
use crate::row::Columns;

/// The sessions of the person `$1`, live at `$2`, the most recently used first, at most `$3`, each with what the policy of
/// the tenant it is in lets it live.
const LIST: &str = "SELECT s.id, s.remember, s.methods, s.created_at, s.last_seen_at, s.expires_at, s.address, s.user_agent, \
     s.authenticated_at, p.session_timeout_hours FROM rookery_sessions s \
     LEFT JOIN tenant_users m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.deleted IS NULL \
     LEFT JOIN tenants t ON t.id = m.tenant_id AND t.deleted IS NULL \
     LEFT JOIN tenant_policies p ON p.tenant_id = t.id \
     WHERE s.user_id = $1 AND s.idle_expires_at > $2 AND s.expires_at > $2 \
     ORDER BY s.last_seen_at DESC, s.created_at DESC, s.id DESC LIMIT $3";

/// The most recently used first. Never more than there may be, whatever another program has written.
pub(super) async fn list(
    conn: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<ListedSession>, Failure> {
    let values: [Value; 3] = [
        user.as_uuid().into(),
        now.into(),
        i64::from(Session::MAX_PER_USER).into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), LIST, values);
    let rows = conn.query_all_raw(statement).await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in &rows {
        let session = read(&mut Columns::of(row))?;
        if session.expires > now {
            listed.push(session);
        }
    }
    Ok(listed)
}

fn read(columns: &mut Columns<'_>) -> Result<ListedSession, Failure> {
    let session = ListedSession {
        id: SessionId::from_uuid(columns.take("rookery_sessions.id")?),
        remembered: columns.take("rookery_sessions.remember")?,
        methods: columns.parse("rookery_sessions.methods", methods::parse)?,
        created: columns.time("rookery_sessions.created_at")?,
        last_seen: columns.time("rookery_sessions.last_seen_at")?,
        expires: columns.time("rookery_sessions.expires_at")?,
        address: columns.parse_optional("rookery_sessions.address", str::parse::<IpAddr>)?,
        user_agent: columns.take("rookery_sessions.user_agent")?,
    };
    let authenticated = columns.time("rookery_sessions.authenticated_at")?;
    let tenant_hours: Option<u32> = columns.bound("tenant_policies.session_timeout_hours")?;
    Ok(ListedSession {
        expires: tenant_hours.map_or(session.expires, |hours| {
            end_within(session.expires, authenticated, hours)
        }),
        ..session
    })
}
