//! Taking a change back.
//!
//! The person is locked first, so that of several undos at once each sees what the one before has voided.

use rookery_core::ports::{UndoOutcome, Undoing};
use rookery_domain::{EmailAddress, Timestamp, TokenDigest, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::factors::{self, Held};
use crate::entity::undo;
use crate::error::Failure;
use crate::row::to_micros;
use crate::transaction::Ending;
use crate::{audit_log, credentials, devices, outbox, people, sessions, tokens};

pub(super) async fn undo(conn: &impl ConnectionTrait, undoing: &Undoing) -> Result<Ending<UndoOutcome>, Failure> {
    let (user, at) = (undoing.user, undoing.at);
    let spent = Ok(Ending::RollBack(UndoOutcome::Spent));
    if !people::lock(conn, user).await? {
        return spent;
    }
    let Some(row) = live(conn, user, &undoing.digest, at).await? else {
        return spent;
    };
    let email = EmailAddress::parse(&row.email).map_err(|error| Failure::nonsense("rookery_undos.email", error))?;
    let held = Held::from_json(&row.factors, row.recovery_codes_of.map(to_micros))?;
    people::move_to(conn, user, &email, row.email_verified.map(to_micros), at).await?;
    credentials::make_useless(conn, user, at).await?;
    factors::restore(conn, user, &held, at).await?;
    sessions::end_all(conn, user).await?;
    tokens::void(conn, user, None, at).await?;
    consume(conn, &row, at).await?;
    devices::forget_all(conn, user).await?;
    tokens::insert(conn, &undoing.reset, undoing.reset.owner.as_ref()).await?;
    outbox::queue(conn, &undoing.mail, &undoing.mail.to).await?;
    audit_log::append(conn, &undoing.event).await?;
    Ok(Ending::Commit(UndoOutcome::Undone))
}

async fn live(
    conn: &impl ConnectionTrait,
    user: UserId,
    digest: &TokenDigest,
    at: Timestamp,
) -> Result<Option<undo::Model>, Failure> {
    let row = undo::Entity::find()
        .filter(undo::COLUMN.token_hash.eq(digest.as_bytes().to_vec()))
        .filter(undo::COLUMN.user_id.eq(user.as_uuid()))
        .filter(undo::COLUMN.used_at.is_null())
        .filter(undo::COLUMN.voided_at.is_null())
        .filter(undo::COLUMN.expires_at.gt(at))
        .one(conn)
        .await?;
    Ok(row)
}

/// This one is used, and whoever made a later change has no way back from here. Earlier ones stay: they restore more.
async fn consume(conn: &impl ConnectionTrait, row: &undo::Model, at: Timestamp) -> Result<(), Failure> {
    let used = undo::ActiveModel {
        used_at: Set(Some(at)),
        ..undo::ActiveModel::default()
    };
    undo::Entity::update_many()
        .set(used)
        .filter(undo::COLUMN.id.eq(row.id))
        .exec(conn)
        .await?;
    undo::Entity::update_many()
        .col_expr(undo::Column::VoidedAt, Expr::value(at))
        .filter(undo::COLUMN.user_id.eq(row.user_id))
        .filter(Expr::col(undo::Column::Ordinal).gt(row.ordinal))
        .filter(undo::COLUMN.used_at.is_null())
        .filter(undo::COLUMN.voided_at.is_null())
        .exec(conn)
        .await?;
    Ok(())
}
