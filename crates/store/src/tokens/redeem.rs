//! Using a token up, once.
//!
//! The person is locked before the token is looked at, as everywhere; if the token turns out to be spent, all of it is
//! rolled back.

use rookery_core::ports::{EmailProof, LockLift, PasswordReset, Redemption};
use rookery_domain::{Timestamp, TokenDigest, TokenPurpose, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::{token, user};
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{
    audit_log, credentials, deletions, devices, exports, factors, outbox, people, sessions, throttle, tokens, undos,
};

const SPENT: Result<Ending<Redemption>, Failure> = Ok(Ending::RollBack(Redemption::Spent));

pub(super) async fn prove_email(
    conn: &impl ConnectionTrait,
    proof: &EmailProof,
) -> Result<Ending<Redemption>, Failure> {
    if !people::mark_verified(conn, proof.user, proof.at).await? {
        return SPENT;
    }
    if !consume(
        conn,
        TokenPurpose::EmailVerification,
        &proof.digest,
        proof.user,
        proof.at,
    )
    .await?
    {
        return SPENT;
    }
    if let Some(mail) = &proof.mail {
        outbox::queue(conn, mail, &mail.to).await?;
    }
    audit_log::append(conn, &proof.event).await?;
    Ok(Ending::Commit(Redemption::Redeemed))
}

pub(super) async fn reset_password(
    conn: &impl ConnectionTrait,
    reset: &PasswordReset,
) -> Result<Ending<Redemption>, Failure> {
    undos::remember(conn, &reset.undo).await?;
    let was_verified = people::is_verified(conn, reset.user).await?;
    if !people::mark_verified(conn, reset.user, reset.at).await? {
        return SPENT;
    }
    credentials::set(conn, reset.user, &reset.new_hash, reset.at).await?;
    sessions::end_all(conn, reset.user).await?;
    devices::forget_all(conn, reset.user).await?;
    if !consume(conn, TokenPurpose::PasswordReset, &reset.digest, reset.user, reset.at).await? {
        return SPENT;
    }
    tokens::void(conn, reset.user, None, reset.at).await?;
    if !was_verified {
        erase_what_was_set_before(conn, reset).await?;
    }
    outbox::queue(conn, &reset.mail, &reset.mail.to).await?;
    audit_log::append(conn, &reset.event).await?;
    Ok(Ending::Commit(Redemption::Redeemed))
}

/// Nobody had proved that they read this mailbox, and now somebody has: whoever registered the address may have been
/// somebody else, waiting for its owner. What they could come back with is gone, and so is what they have set going: a copy of
/// the account, and its deletion. The password, the sessions, the devices and the tokens are gone with every reset.
async fn erase_what_was_set_before(conn: &impl ConnectionTrait, reset: &PasswordReset) -> Result<(), Failure> {
    credentials::forget_wish(conn, reset.user).await?;
    factors::erase_all(conn, reset.user).await?;
    exports::erase_all(conn, reset.user).await?;
    deletions::forget(conn, reset.user, reset.at).await?;
    undos::void_all_but(conn, &reset.undo).await
}

pub(super) async fn lift_lock(conn: &impl ConnectionTrait, lift: &LockLift) -> Result<Ending<Redemption>, Failure> {
    people::lock(conn, lift.user).await?;
    if !consume(conn, TokenPurpose::Unlock, &lift.digest, lift.user, lift.at).await? {
        return SPENT;
    }
    if let Some(counter) = &lift.counter {
        throttle::forget(conn, counter).await?;
    }
    let user_agent = lift.event.caller.user_agent.as_deref();
    devices::remember(conn, lift.user, &lift.device, user_agent, lift.at).await?;
    audit_log::append(conn, &lift.event).await?;
    Ok(Ending::Commit(Redemption::Redeemed))
}

/// The condition of all the rest: this use is the first, in time, and the token still belongs to the person's address.
pub(crate) async fn consume(
    conn: &impl ConnectionTrait,
    purpose: TokenPurpose,
    digest: &TokenDigest,
    user: UserId,
    at: Timestamp,
) -> Result<bool, Failure> {
    let address = Query::select()
        .expr(Func::lower(Expr::col(user::Column::Email)))
        .from(user::Entity)
        .and_where(user::COLUMN.id.eq(user.as_uuid()))
        .take();
    let consumed = token::ActiveModel {
        consumed_at: Set(Some(at)),
        ..token::ActiveModel::default()
    };
    let updated = token::Entity::update_many()
        .set(consumed)
        .filter(token::COLUMN.token_hash.eq(digest.as_bytes().to_vec()))
        .filter(token::COLUMN.user_id.eq(user.as_uuid()))
        .filter(token::COLUMN.purpose.eq(purpose.as_str()))
        .filter(token::COLUMN.consumed_at.is_null())
        .filter(token::COLUMN.voided_at.is_null())
        .filter(token::COLUMN.expires_at.gt(at))
        .filter(Expr::expr(Func::lower(Expr::col((token::Entity, token::Column::Email)))).in_subquery(address))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
