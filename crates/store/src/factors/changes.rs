//! Setting a factor up, taking it away, replacing its codes.
//!
//! The way back is kept first, which locks the person; then the credential is changed, which is the condition of all the
//! rest and turns every sign-in away that is under way.

use rookery_core::ports::{
    CodesRenewal, FactorChangeOutcome, FactorConfirmation, FactorRemoval, NewFactor, OutgoingMail, SessionRenewal,
};
use rookery_domain::{Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::{TOTP, codes, end_challenges, spend};
use crate::entity::{credential, factor};
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, devices, outbox, people, sessions, undos};

pub(super) async fn enrol(conn: &impl ConnectionTrait, new: &NewFactor) -> Result<Ending<bool>, Failure> {
    if !people::lock(conn, new.user).await? || has_factor(conn, new.user).await? {
        return Ok(Ending::RollBack(false));
    }
    forget_pending(conn, new.user).await?;
    let row = factor::ActiveModel {
        id: Set(new.id.as_uuid()),
        user_id: Set(new.user.as_uuid()),
        kind: Set(TOTP.to_owned()),
        sealed_secret: Set(new.sealed_secret.clone()),
        created_at: Set(new.at),
        ..factor::ActiveModel::default()
    };
    factor::Entity::insert(row).exec_without_returning(conn).await?;
    audit_log::append(conn, &new.event).await?;
    Ok(Ending::Commit(true))
}

pub(super) async fn confirm(
    conn: &impl ConnectionTrait,
    confirmation: &FactorConfirmation,
) -> Result<Ending<FactorChangeOutcome>, Failure> {
    let FactorConfirmation { renewal, undo, .. } = confirmation;
    let (user, at) = (renewal.user, renewal.at);
    undos::remember(conn, undo).await?;
    if !mark(conn, user, Some(at)).await? || !count_from_now(conn, confirmation).await? {
        return Ok(Ending::RollBack(FactorChangeOutcome::Superseded));
    }
    forget_pending(conn, user).await?;
    codes::retire(conn, user, at).await?;
    codes::insert(conn, user, &confirmation.codes, at).await?;
    devices::touch_where_it_began(conn, user, renewal.session, at).await?;
    settle(conn, renewal, &confirmation.mail).await
}

pub(super) async fn remove(
    conn: &impl ConnectionTrait,
    removal: &FactorRemoval,
) -> Result<Ending<FactorChangeOutcome>, Failure> {
    let FactorRemoval { renewal, undo, .. } = removal;
    let (user, at) = (renewal.user, renewal.at);
    undos::remember(conn, undo).await?;
    if !mark(conn, user, None).await? {
        return Ok(Ending::RollBack(FactorChangeOutcome::Superseded));
    }
    if !spend(conn, user, &removal.used, at).await? {
        return Ok(Ending::RollBack(FactorChangeOutcome::Spent));
    }
    let removed = factor::ActiveModel {
        removed_at: Set(Some(at)),
        ..factor::ActiveModel::default()
    };
    factor::Entity::update_many()
        .set(removed)
        .filter(factor::COLUMN.user_id.eq(user.as_uuid()))
        .filter(factor::COLUMN.removed_at.is_null())
        .exec(conn)
        .await?;
    codes::retire(conn, user, at).await?;
    settle(conn, renewal, &removal.mail).await
}

pub(super) async fn renew_codes(conn: &impl ConnectionTrait, renewal: &CodesRenewal) -> Result<Ending<bool>, Failure> {
    let (user, at) = (renewal.user, renewal.at);
    undos::remember(conn, &renewal.undo).await?;
    if !has_factor(conn, user).await? {
        return Ok(Ending::RollBack(false));
    }
    codes::retire(conn, user, at).await?;
    codes::insert(conn, user, &renewal.codes, at).await?;
    outbox::queue(conn, &renewal.mail, &renewal.mail.to).await?;
    audit_log::append(conn, &renewal.event).await?;
    Ok(Ending::Commit(true))
}

/// What both ends of a factor's life do alike.
async fn settle(
    conn: &impl ConnectionTrait,
    renewal: &SessionRenewal,
    mail: &OutgoingMail,
) -> Result<Ending<FactorChangeOutcome>, Failure> {
    // Writes the event.
    if let Ending::RollBack(_) = sessions::renew_on_proof(conn, renewal).await? {
        return Ok(Ending::RollBack(FactorChangeOutcome::SessionEnded));
    }
    sessions::end_all_but(conn, renewal.user, renewal.session).await?;
    end_challenges(conn, renewal.user).await?;
    devices::distrust_all(conn, renewal.user).await?;
    outbox::queue(conn, mail, &mail.to).await?;
    Ok(Ending::Commit(FactorChangeOutcome::Changed))
}

/// Says in the credential since when sign-ins ask for a second factor, or that they do not any more; `false` when it did
/// not say the contrary before.
async fn mark(conn: &impl ConnectionTrait, user: UserId, since: Option<Timestamp>) -> Result<bool, Failure> {
    let marked = credential::ActiveModel {
        second_factor_at: Set(since),
        ..credential::ActiveModel::default()
    };
    let contrary = match since {
        Some(_) => credential::COLUMN.second_factor_at.is_null(),
        None => credential::COLUMN.second_factor_at.is_not_null(),
    };
    let updated = credential::Entity::update_many()
        .set(marked)
        .col_expr(
            credential::Column::Version,
            Expr::col(credential::Column::Version).add(1),
        )
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .filter(credential::COLUMN.disabled_at.is_null())
        .filter(contrary)
        .filter(Expr::exists(people::living(user)))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

async fn count_from_now(conn: &impl ConnectionTrait, confirmation: &FactorConfirmation) -> Result<bool, Failure> {
    let renewal = &confirmation.renewal;
    let confirmed = factor::ActiveModel {
        confirmed_at: Set(Some(renewal.at)),
        last_step: Set(Some(confirmation.step.number())),
        last_used_at: Set(Some(renewal.at)),
        ..factor::ActiveModel::default()
    };
    let updated = factor::Entity::update_many()
        .set(confirmed)
        .filter(factor::COLUMN.id.eq(confirmation.factor.as_uuid()))
        .filter(factor::COLUMN.user_id.eq(renewal.user.as_uuid()))
        .filter(factor::COLUMN.confirmed_at.is_null())
        .filter(factor::COLUMN.removed_at.is_null())
        .filter(factor::COLUMN.created_at.gt(confirmation.created_after))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// A secret that was shown and never used has no past worth keeping.
async fn forget_pending(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    factor::Entity::delete_many()
        .filter(factor::COLUMN.user_id.eq(user.as_uuid()))
        .filter(factor::COLUMN.confirmed_at.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

async fn has_factor(conn: &impl ConnectionTrait, user: UserId) -> Result<bool, Failure> {
    let found = credential::Entity::find()
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .filter(credential::COLUMN.second_factor_at.is_not_null())
        .one(conn)
        .await?;
    Ok(found.is_some())
}
