//! A person's live sessions, for their own eyes.

use std::net::IpAddr;

use rookery_core::ports::ListedSession;
use rookery_domain::{Session, SessionId, Timestamp, UserId};
use sea_orm::sea_query::{Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{is_live, methods};
use crate::entity::session;
use crate::error::Failure;
use crate::row::Columns;

/// The columns [`read`] takes, in its order.
const COLUMNS: [session::Column; 8] = [
    session::Column::Id,
    session::Column::Remember,
    session::Column::Methods,
    session::Column::CreatedAt,
    session::Column::LastSeenAt,
    session::Column::ExpiresAt,
    session::Column::Address,
    session::Column::UserAgent,
];

/// The most recently used first. Never more than there may be, whatever another program has written.
pub(super) async fn list(
    conn: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<ListedSession>, Failure> {
    let newest = Query::select()
        .columns(COLUMNS)
        .from(session::Entity)
        .and_where(session::COLUMN.user_id.eq(user.as_uuid()))
        .cond_where(is_live(now))
        .order_by(session::Column::LastSeenAt, Order::Desc)
        .order_by(session::Column::CreatedAt, Order::Desc)
        .order_by(session::Column::Id, Order::Desc)
        .limit(Session::MAX_PER_USER.into())
        .take();
    conn.query_all(&newest).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<ListedSession, Failure> {
    let mut columns = Columns::of(row);
    Ok(ListedSession {
        id: SessionId::from_uuid(columns.take("rookery_sessions.id")?),
        remembered: columns.take("rookery_sessions.remember")?,
        methods: columns.parse("rookery_sessions.methods", methods::parse)?,
        created: columns.time("rookery_sessions.created_at")?,
        last_seen: columns.time("rookery_sessions.last_seen_at")?,
        expires: columns.time("rookery_sessions.expires_at")?,
        address: columns.parse_optional("rookery_sessions.address", str::parse::<IpAddr>)?,
        user_agent: columns.take("rookery_sessions.user_agent")?,
    })
}
