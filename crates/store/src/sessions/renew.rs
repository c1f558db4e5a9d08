//! A session that goes on under a new token.

use rookery_core::ports::{PasswordChange, SessionRenewal};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::{is_live, methods};
use crate::audit_log;
use crate::entity::session;
use crate::error::Failure;
use crate::transaction::Ending;

/// Somebody proved again who they are. The token they asked with is the condition: once it is another one, be it by a
/// second proof or by a change of the password, this proof came too late.
pub(crate) async fn on_proof(conn: &impl ConnectionTrait, renewal: &SessionRenewal) -> Result<Ending<bool>, Failure> {
    let renewed = session::ActiveModel {
        token_hash: Set(renewal.new_digest.as_bytes().to_vec()),
        authenticated_at: Set(renewal.at),
        methods: Set(methods::write(&renewal.methods)),
        ..session::ActiveModel::default()
    };
    let updated = session::Entity::update_many()
        .set(renewed)
        .filter(session::COLUMN.id.eq(renewal.session.as_uuid()))
        .filter(session::COLUMN.user_id.eq(renewal.user.as_uuid()))
        .filter(session::COLUMN.token_hash.eq(renewal.held.as_bytes().to_vec()))
        .filter(is_live(renewal.at))
        .exec(conn)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(Ending::RollBack(false));
    }
    audit_log::append(conn, &renewal.event).await?;
    Ok(Ending::Commit(true))
}

/// Gives the session that changed the password a new token. `false` when it has ended.
pub(crate) async fn on_password_change(conn: &impl ConnectionTrait, change: &PasswordChange) -> Result<bool, Failure> {
    let renewed = session::ActiveModel {
        token_hash: Set(change.new_digest.as_bytes().to_vec()),
        authenticated_at: Set(change.at),
        ..session::ActiveModel::default()
    };
    let updated = session::Entity::update_many()
        .set(renewed)
        .filter(session::COLUMN.id.eq(change.session.as_uuid()))
        .filter(session::COLUMN.user_id.eq(change.user.as_uuid()))
        .filter(is_live(change.at))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
