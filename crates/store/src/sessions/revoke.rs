//! Ending other sessions of a person, from one of theirs.

use rookery_core::ports::{RevocationOutcome, Revoked, SessionRevocation};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

use super::is_live;
use crate::entity::session;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, people};

/// The person's row is locked first, so that revocations of one person come one after the other, and whoever has been
/// ended by an earlier one finds that out here.
pub(super) async fn revoke(
    conn: &impl ConnectionTrait,
    revocation: &SessionRevocation,
) -> Result<Ending<RevocationOutcome>, Failure> {
    if !people::lock(conn, revocation.user).await? || !asks_while_live(conn, revocation).await? {
        return Ok(Ending::RollBack(RevocationOutcome::NotSignedIn));
    }
    let mut end = session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(revocation.user.as_uuid()))
        .filter(session::COLUMN.id.ne(revocation.by.as_uuid()))
        .filter(is_live(revocation.at));
    if let Revoked::One(session) = revocation.revoked {
        end = end.filter(session::COLUMN.id.eq(session.as_uuid()));
    }
    let ended = end.exec(conn).await?.rows_affected;
    if ended == 0 {
        return Ok(Ending::RollBack(RevocationOutcome::Ended(0)));
    }
    audit_log::append(conn, &revocation.event).await?;
    Ok(Ending::Commit(RevocationOutcome::Ended(ended)))
}

async fn asks_while_live(conn: &impl ConnectionTrait, revocation: &SessionRevocation) -> Result<bool, Failure> {
    let asking = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::COLUMN.id.eq(revocation.by.as_uuid()))
        .and_where(session::COLUMN.user_id.eq(revocation.user.as_uuid()))
        .cond_where(is_live(revocation.at))
        .take();
    Ok(conn.query_one(&asking).await?.is_some())
}
