//! Invitations answered by whoever has no account, or none that is proved to be anybody's.

use rookery_core::ports::{InvitationEnrolment, JoinOutcome, Newcomer};
use rookery_domain::Timestamp;
use sea_orm::ConnectionTrait;

use super::answer::{OUTDATED, Place};
use crate::dialect::Dialect;
use crate::error::{Failure, Unique};
use crate::people::NewUser;
use crate::transaction::Ending;
use crate::{
    audit_log, credentials, deletions, devices, exports, factors, outbox, people, pictures, profiles, sessions, tokens,
    undos,
};

pub(super) async fn enrol(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    enrolment: &InvitationEnrolment,
) -> Result<Ending<JoinOutcome>, Failure> {
    let InvitationEnrolment { newcomer, at, .. } = enrolment;
    let admitted = if newcomer.reclaims {
        reclaim(conn, newcomer, *at).await?
    } else {
        make(conn, newcomer, *at).await?
    };
    if let Err(outcome) = admitted {
        return Ok(Ending::RollBack(outcome));
    }
    let place = Place {
        tenant: enrolment.tenant,
        inviter: &enrolment.inviter,
        invitation: enrolment.invitation,
        digest: &enrolment.digest,
    };
    if !place.is_taken(conn, dialect, &newcomer.email, *at).await? {
        return OUTDATED;
    }
    let person = (newcomer.user, &newcomer.email);
    if !place.given_to(conn, dialect, person, &enrolment.roles, *at).await? {
        return Ok(Ending::RollBack(JoinOutcome::AlreadyMember));
    }
    for mail in &enrolment.mails {
        outbox::queue(conn, mail, &mail.to).await?;
    }
    for event in &enrolment.events {
        audit_log::append(conn, event).await?;
    }
    match credentials::open_session(conn, &enrolment.sign_in).await? {
        Ending::Commit(_) => Ok(Ending::Commit(JoinOutcome::Joined)),
        Ending::RollBack(_) => OUTDATED,
    }
}

/// Makes the account, with a verified address.
async fn make(
    conn: &impl ConnectionTrait,
    newcomer: &Newcomer,
    at: Timestamp,
) -> Result<Result<(), JoinOutcome>, Failure> {
    let user = NewUser {
        id: newcomer.user,
        email: newcomer.email.as_str(),
        name: newcomer.name.as_ref().map(ToString::to_string),
        given_name: newcomer.given_name.as_ref().map(ToString::to_string),
        family_name: newcomer.family_name.as_ref().map(ToString::to_string),
        email_verified: Some(at),
        at,
    };
    match people::insert(conn, user).await {
        // Somebody was faster, and what that means is to be decided anew.
        Err(failure) if failure.violates() == Some(Unique::Email) => return Ok(Err(JoinOutcome::Outdated)),
        inserted => inserted?,
    }
    if undos::is_reserved(conn, newcomer.email.key(), newcomer.user, at).await? {
        return Ok(Err(JoinOutcome::AddressReserved));
    }
    credentials::insert(conn, newcomer.user, &newcomer.password_hash, at).await?;
    if let Some(preferences) = &newcomer.preferences {
        profiles::insert_preferences(conn, newcomer.user, preferences, at).await?;
    }
    Ok(Ok(()))
}

/// Empties an account that nobody has proved to be theirs, and gives it to whoever has: nothing is left that whoever made it could
/// come back with, or that they have put into it. Its tenants stay, in which nobody else can be: only who has a verified address
/// invites.
async fn reclaim(
    conn: &impl ConnectionTrait,
    newcomer: &Newcomer,
    at: Timestamp,
) -> Result<Result<(), JoinOutcome>, Failure> {
    let user = newcomer.user;
    if !people::lock(conn, user).await? || people::is_verified(conn, user).await? {
        return Ok(Err(JoinOutcome::Outdated));
    }
    let address = people::address_of(conn, user).await?;
    if address.is_none_or(|address| address.key() != newcomer.email.key()) {
        return Ok(Err(JoinOutcome::Outdated));
    }
    credentials::set(conn, user, &newcomer.password_hash, at).await?;
    sessions::end_all(conn, user).await?;
    devices::forget_all(conn, user).await?;
    tokens::void(conn, user, None, at).await?;
    factors::erase_all(conn, user).await?;
    undos::void_all(conn, user, at).await?;
    pictures::erase(conn, user).await?;
    deletions::forget(conn, user, at).await?;
    exports::erase_all(conn, user).await?;
    people::begin_anew(
        conn,
        user,
        [
            newcomer.name.as_ref().map(ToString::to_string),
            newcomer.given_name.as_ref().map(ToString::to_string),
            newcomer.family_name.as_ref().map(ToString::to_string),
        ],
        at,
    )
    .await?;
    profiles::forget_preferences(conn, user).await?;
    if let Some(preferences) = &newcomer.preferences {
        profiles::insert_preferences(conn, user, preferences, at).await?;
    }
    Ok(Ok(()))
}
