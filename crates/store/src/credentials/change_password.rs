//! Changing a password on the proof of the current one.

use rookery_core::ports::{PasswordChange, PasswordChangeOutcome};
use rookery_domain::TokenPurpose;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::pending_email;
use crate::entity::credential;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, devices, outbox, people, sessions, tokens, undos};

pub(super) async fn change(
    conn: &impl ConnectionTrait,
    change: &PasswordChange,
) -> Result<Ending<PasswordChangeOutcome>, Failure> {
    undos::remember(conn, &change.undo).await?;
    if !replace_hash(conn, change).await? {
        return Ok(Ending::RollBack(PasswordChangeOutcome::Superseded));
    }
    if !sessions::renew(conn, change).await? {
        return Ok(Ending::RollBack(PasswordChangeOutcome::SessionEnded));
    }
    sessions::end_all_but(conn, change.user, change.session).await?;
    for purpose in [TokenPurpose::PasswordReset, TokenPurpose::EmailChange] {
        devices::forget_others(conn, change.user, change.device.as_ref()).await?;
        tokens::void(conn, change.user, Some(purpose), change.at).await?;
    }
    outbox::queue(conn, &change.mail, &change.mail.to).await?;
    audit_log::append(conn, &change.event).await?;
    Ok(Ending::Commit(PasswordChangeOutcome::Changed))
}

/// The condition of everything that follows: the password that was proved is still the current one.
async fn replace_hash(conn: &impl ConnectionTrait, change: &PasswordChange) -> Result<bool, Failure> {
    let replaced = credential::ActiveModel {
        password_hash: Set(change.new_hash.as_phc().to_owned()),
        changed_at: Set(change.at),
        ..pending_email::none()
    };
    let updated = credential::Entity::update_many()
        .set(replaced)
        .col_expr(
            credential::Column::Version,
            Expr::col(credential::Column::Version).add(1),
        )
        .filter(credential::COLUMN.user_id.eq(change.user.as_uuid()))
        .filter(credential::COLUMN.version.eq(change.credential_version))
        .filter(credential::COLUMN.disabled_at.is_null())
        .filter(Expr::exists(people::living(change.user)))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
