//! Sign-ins that wait for their second factor.

use rookery_core::ports::{
    CountedAttempt, DeviceUse, NewChallenge, SecondFactorOutcome, SecondFactorSignIn, SignInOutcome,
};
use rookery_domain::{ChallengeId, Timestamp, TokenDigest, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::{spend, trust};
use crate::entity::challenge;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, credentials, outbox};

pub(super) async fn open(conn: &impl ConnectionTrait, new: &NewChallenge) -> Result<Ending<()>, Failure> {
    let row = challenge::ActiveModel {
        id: Set(new.id.as_uuid()),
        user_id: Set(new.user.as_uuid()),
        token_hash: Set(new.digest.as_bytes().to_vec()),
        credential_version: Set(new.credential_version),
        remember: Set(new.remembered),
        attempts: Set(0),
        created_at: Set(new.created),
        expires_at: Set(new.expires),
        consumed_at: Set(None),
    };
    challenge::Entity::insert(row).exec_without_returning(conn).await?;
    if let Some(hash) = &new.rehash {
        credentials::store_better_hash(conn, new.user, new.credential_version, hash).await?;
    }
    audit_log::append(conn, &new.event).await?;
    Ok(Ending::Commit(()))
}

/// The count is the condition of its own growth, so that no burst gets further than one after the other.
pub(super) async fn count_attempt(
    conn: &impl ConnectionTrait,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Ending<Option<CountedAttempt>>, Failure> {
    let most = i32::try_from(NewChallenge::ATTEMPTS).unwrap_or(i32::MAX);
    let counted = challenge::Entity::update_many()
        .col_expr(
            challenge::Column::Attempts,
            Expr::col(challenge::Column::Attempts).add(1),
        )
        .filter(challenge::COLUMN.token_hash.eq(digest.as_bytes().to_vec()))
        .filter(challenge::COLUMN.consumed_at.is_null())
        .filter(challenge::COLUMN.expires_at.gt(now))
        .filter(challenge::COLUMN.attempts.lt(most))
        .exec(conn)
        .await?;
    if counted.rows_affected == 0 {
        return Ok(Ending::RollBack(None));
    }
    let row = challenge::Entity::find()
        .filter(challenge::COLUMN.token_hash.eq(digest.as_bytes().to_vec()))
        .one(conn)
        .await?;
    let attempt = row.map(|row| {
        Ok::<_, Failure>(CountedAttempt {
            challenge: ChallengeId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            credential_version: row.credential_version,
            remembered: row.remember,
            attempt: u32::try_from(row.attempts)
                .map_err(|error| Failure::nonsense("rookery_challenges.attempts", error))?,
        })
    });
    Ok(Ending::Commit(attempt.transpose()?))
}

/// Opening the session comes first, for it locks the credential, as every change of a factor does.
pub(super) async fn complete(
    conn: &impl ConnectionTrait,
    sign_in: &SecondFactorSignIn,
) -> Result<Ending<SecondFactorOutcome>, Failure> {
    let opening = &sign_in.sign_in;
    let user = opening.session.user;
    if let Ending::RollBack(_) | Ending::Commit(SignInOutcome::Superseded) =
        credentials::open_session(conn, opening).await?
    {
        return Ok(Ending::RollBack(SecondFactorOutcome::Superseded));
    }
    if !consume(conn, sign_in.challenge, user, opening.at).await? {
        return Ok(Ending::RollBack(SecondFactorOutcome::Superseded));
    }
    if !spend(conn, user, &sign_in.used, opening.at).await? {
        return Ok(Ending::RollBack(SecondFactorOutcome::Spent));
    }
    if let Some(until) = sign_in.trusted_until {
        let device = match &opening.device {
            DeviceUse::Known(device) => *device,
            DeviceUse::New(new) => new.id,
        };
        trust::give(conn, user, device, until).await?;
    }
    if let Some(mail) = &sign_in.mail {
        outbox::queue(conn, mail, &mail.to).await?;
    }
    for event in &sign_in.events {
        audit_log::append(conn, event).await?;
    }
    Ok(Ending::Commit(SecondFactorOutcome::Opened))
}

async fn consume(
    conn: &impl ConnectionTrait,
    challenge: ChallengeId,
    user: UserId,
    at: Timestamp,
) -> Result<bool, Failure> {
    let consumed = challenge::ActiveModel {
        consumed_at: Set(Some(at)),
        ..challenge::ActiveModel::default()
    };
    let updated = challenge::Entity::update_many()
        .set(consumed)
        .filter(challenge::COLUMN.id.eq(challenge.as_uuid()))
        .filter(challenge::COLUMN.user_id.eq(user.as_uuid()))
        .filter(challenge::COLUMN.consumed_at.is_null())
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
