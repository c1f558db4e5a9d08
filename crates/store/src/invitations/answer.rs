//! Invitations answered by whoever has an account, or declined.
//!
//! The person is locked before the tenant, as everywhere, and the tenant before the invitation: so an answer waits for whoever is
//! just removing the inviter or taking the invitation back, and then sees it.

use rookery_core::ports::{InvitationAcceptance, InvitationDeclining, JoinOutcome, Standing};
use rookery_domain::{EmailAddress, InvitationId, Roles, TenantId, Timestamp, TokenDigest, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::change::{is_as_decided, run};
use crate::dialect::Dialect;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, credentials, members, outbox, people, sessions, tokens};

pub(super) const OUTDATED: Result<Ending<JoinOutcome>, Failure> = Ok(Ending::RollBack(JoinOutcome::Outdated));

/// The condition of every answer: it is the first, in time, and to the newest mail.
const ACCEPT: &str = "UPDATE rookery_invitations SET state = 'accepted', settled_at = $3 \
     WHERE id = $1 AND token_hash = $2 AND state = 'pending' AND expires_at > $3 AND address = $4";
const DECLINE: &str = "UPDATE rookery_invitations SET state = 'declined', settled_at = $3 \
     WHERE id = $1 AND token_hash = $2 AND state = 'pending' AND expires_at > $3";
const OPEN_ACCOUNT: &str = "SELECT 1 FROM users u LEFT JOIN rookery_credentials c ON c.user_id = u.id \
     WHERE u.id = $1 AND u.deleted IS NULL AND c.disabled_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM rookery_deletions d WHERE d.user_id = u.id)";

pub(super) async fn accept(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    acceptance: &InvitationAcceptance,
) -> Result<Ending<JoinOutcome>, Failure> {
    let (user, at) = (acceptance.user, acceptance.at);
    if !people::lock(conn, user).await? || people::is_verified(conn, user).await? == acceptance.verifies {
        return OUTDATED;
    }
    let Some(email) = people::address_of(conn, user).await? else {
        return OUTDATED;
    };
    let place = Place {
        tenant: acceptance.tenant,
        inviter: &acceptance.inviter,
        invitation: acceptance.invitation,
        digest: &acceptance.digest,
    };
    if !place.is_taken(conn, dialect, &email, at).await? {
        return OUTDATED;
    }
    if !place
        .given_to(conn, dialect, (user, &email), &acceptance.roles, at)
        .await?
    {
        return Ok(Ending::RollBack(JoinOutcome::AlreadyMember));
    }
    if acceptance.verifies {
        people::mark_verified(conn, user, at).await?;
        credentials::forget_wish(conn, user).await?;
        sessions::end_all_but(conn, user, acceptance.session).await?;
        tokens::void(conn, user, None, at).await?;
    }
    for mail in &acceptance.mails {
        outbox::queue(conn, mail, &mail.to).await?;
    }
    for event in &acceptance.events {
        audit_log::append(conn, event).await?;
    }
    Ok(Ending::Commit(JoinOutcome::Joined))
}

/// `false` when it does not wait under this token any more.
pub(super) async fn decline(conn: &impl ConnectionTrait, declining: &InvitationDeclining) -> Result<bool, Failure> {
    let values: [Value; 3] = [
        declining.invitation.as_uuid().into(),
        declining.digest.as_bytes().to_vec().into(),
        declining.at.into(),
    ];
    if run(conn, DECLINE, values).await? == 0 {
        return Ok(false);
    }
    audit_log::append(conn, &declining.event).await?;
    Ok(true)
}

/// A place in a tenant that an invitation keeps for somebody.
pub(super) struct Place<'a> {
    pub(super) tenant: TenantId,
    pub(super) inviter: &'a Standing,
    pub(super) invitation: InvitationId,
    pub(super) digest: &'a TokenDigest,
}

impl Place<'_> {
    /// Uses the invitation up, if its inviter still is what they were and it still waits for this address under this token.
    pub(super) async fn is_taken(
        &self,
        conn: &impl ConnectionTrait,
        dialect: &Dialect,
        email: &EmailAddress,
        at: Timestamp,
    ) -> Result<bool, Failure> {
        if !is_as_decided(conn, dialect, self.tenant, self.inviter).await? {
            return Ok(false);
        }
        let backend = conn.get_database_backend();
        let inviter: [Value; 1] = [self.inviter.user.as_uuid().into()];
        let open = Statement::from_sql_and_values(backend, OPEN_ACCOUNT, inviter);
        if conn.query_one_raw(open).await?.is_none() {
            return Ok(false);
        }
        let values: [Value; 4] = [
            self.invitation.as_uuid().into(),
            self.digest.as_bytes().to_vec().into(),
            at.into(),
            email.key().into(),
        ];
        Ok(run(conn, ACCEPT, values).await? == 1)
    }

    /// `false` when they belong to the tenant already.
    pub(super) async fn given_to(
        &self,
        conn: &impl ConnectionTrait,
        dialect: &Dialect,
        person: (UserId, &EmailAddress),
        roles: &Roles,
        at: Timestamp,
    ) -> Result<bool, Failure> {
        members::join(conn, dialect, self.tenant, person, roles, at).await
    }
}
