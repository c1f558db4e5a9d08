//! An address that waits for its confirmation.

use rookery_core::ports::EmailChangeRequest;
use rookery_domain::{EmailAddress, SessionId, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::next_version;
use crate::entity::credential;
use crate::error::Failure;

/// Writes the wish down in the place of an earlier one. `false` when the password that was proved is not the current one
/// any more.
pub(crate) async fn wish(conn: &impl ConnectionTrait, request: &EmailChangeRequest) -> Result<bool, Failure> {
    let wished = credential::ActiveModel {
        pending_email: Set(Some(request.to.as_str().to_owned())),
        pending_email_expires_at: Set(Some(request.token.expires)),
        pending_email_session: Set(Some(request.session.as_uuid())),
        ..credential::ActiveModel::default()
    };
    let updated = credential::Entity::update_many()
        .set(wished)
        .filter(credential::COLUMN.user_id.eq(request.user.as_uuid()))
        .filter(credential::COLUMN.version.eq(request.credential_version))
        .filter(credential::COLUMN.disabled_at.is_null())
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Takes the wish away because it comes true, and bumps the version, so that no sign-in under way with the old address
/// succeeds. Answers which session it was asked for in; `None` when this address does not wait any more. The person is
/// locked.
pub(crate) async fn grant(
    conn: &impl ConnectionTrait,
    user: UserId,
    to: &EmailAddress,
    at: Timestamp,
) -> Result<Option<SessionId>, Failure> {
    let Some(row) = credential::Entity::find_by_id(user.as_uuid()).one(conn).await? else {
        return Ok(None);
    };
    let Some(session) = row.pending_email_session else {
        return Ok(None);
    };
    let granted = credential::Entity::update_many()
        .set(none())
        .col_expr(credential::Column::Version, next_version())
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .filter(Expr::expr(Func::lower(Expr::col(credential::Column::PendingEmail))).eq(to.key()))
        .filter(credential::COLUMN.pending_email_expires_at.gt(at))
        .filter(credential::COLUMN.disabled_at.is_null())
        .exec(conn)
        .await?;
    Ok((granted.rows_affected == 1).then(|| SessionId::from_uuid(session)))
}

/// Takes the wish away. `false` when there was none.
pub(crate) async fn forget_wish(conn: &impl ConnectionTrait, user: UserId) -> Result<bool, Failure> {
    let forgotten = credential::Entity::update_many()
        .set(none())
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .filter(credential::COLUMN.pending_email.is_not_null())
        .exec(conn)
        .await?;
    Ok(forgotten.rows_affected == 1)
}

/// No wish.
pub(super) fn none() -> credential::ActiveModel {
    credential::ActiveModel {
        pending_email: Set(None),
        pending_email_expires_at: Set(None),
        pending_email_session: Set(None),
        ..credential::ActiveModel::default()
    }
}
