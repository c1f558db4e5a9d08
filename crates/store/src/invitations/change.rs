//! Invitations made, mailed again and taken back.
//!
//! The tenant is locked first, as for every change of who belongs to it: so of two invitations to one address the second sees the
//! first, and nobody invites who is just being removed.

use rookery_core::ports::{
    InvitationOutcome, InvitationResending, InvitationRevocation, InvitingOutcome, NewInvitation, Standing,
};
use rookery_domain::{InvitationId, TenantId, TokenDigest};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, Statement, Value};

use super::look_up;
use crate::dialect::Dialect;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, members, outbox, tenants};

/// One that nobody has followed in time makes room.
const EXPIRE: &str = "UPDATE rookery_invitations SET state = 'expired', settled_at = expires_at \
     WHERE tenant_id = $1 AND address = $2 AND state = 'pending' AND expires_at <= $3";
const WAITING: &str = "SELECT 1 FROM rookery_invitations WHERE tenant_id = $1 AND address = $2 AND state = 'pending'";
const INSERT: &str = "INSERT INTO rookery_invitations (id, tenant_id, inviter_user_id, email, address, roles, note, \
     token_hash, state, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10)";
const INSERT_TOKEN: &str = "INSERT INTO rookery_invitation_tokens (token_hash, invitation_id) VALUES ($1, $2)";
const RESEND: &str = "UPDATE rookery_invitations SET token_hash = $3, inviter_user_id = $4, expires_at = $5 \
     WHERE id = $1 AND tenant_id = $2 AND state = 'pending'";
const REVOKE: &str = "UPDATE rookery_invitations SET state = 'revoked', settled_at = $3 \
     WHERE id = $1 AND tenant_id = $2 AND state = 'pending'";

pub(super) async fn invite(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    new: &NewInvitation,
) -> Result<Ending<InvitingOutcome>, Failure> {
    if !is_as_decided(conn, dialect, new.tenant, &new.by).await? {
        return Ok(Ending::RollBack(InvitingOutcome::Outdated));
    }
    if look_up::prospect(conn, new.tenant, &new.email).await?.is_member {
        return Ok(Ending::RollBack(InvitingOutcome::AlreadyMember));
    }
    let address = || -> [Value; 2] { [new.tenant.as_uuid().into(), new.email.key().into()] };
    run(conn, EXPIRE, address().into_iter().chain([new.at.into()])).await?;
    let waiting = Statement::from_sql_and_values(conn.get_database_backend(), WAITING, address());
    if conn.query_one_raw(waiting).await?.is_some() {
        return Ok(Ending::RollBack(InvitingOutcome::AlreadyInvited));
    }
    let words: Vec<&str> = new.roles.as_slice().iter().map(|role| role.as_str()).collect();
    let values: [Value; 10] = [
        new.id.as_uuid().into(),
        new.tenant.as_uuid().into(),
        new.by.user.as_uuid().into(),
        new.email.as_str().into(),
        new.email.key().into(),
        serde_json::json!(words).to_string().into(),
        new.note.as_ref().map(ToString::to_string).into(),
        new.digest.as_bytes().to_vec().into(),
        new.at.into(),
        new.expires.into(),
    ];
    run(conn, INSERT, values).await?;
    keep_token(conn, &new.digest, new.id).await?;
    outbox::queue(conn, &new.mail, &new.mail.to).await?;
    audit_log::append(conn, &new.event).await?;
    Ok(Ending::Commit(InvitingOutcome::Invited))
}

pub(super) async fn resend(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    resending: &InvitationResending,
) -> Result<Ending<InvitationOutcome>, Failure> {
    if !is_as_decided(conn, dialect, resending.tenant, &resending.by).await? {
        return Ok(Ending::RollBack(InvitationOutcome::Outdated));
    }
    let values: [Value; 5] = [
        resending.invitation.as_uuid().into(),
        resending.tenant.as_uuid().into(),
        resending.digest.as_bytes().to_vec().into(),
        resending.by.user.as_uuid().into(),
        resending.expires.into(),
    ];
    if run(conn, RESEND, values).await? == 0 {
        return Ok(Ending::RollBack(InvitationOutcome::Settled));
    }
    keep_token(conn, &resending.digest, resending.invitation).await?;
    outbox::queue(conn, &resending.mail, &resending.mail.to).await?;
    audit_log::append(conn, &resending.event).await?;
    Ok(Ending::Commit(InvitationOutcome::Changed))
}

pub(super) async fn revoke(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    revocation: &InvitationRevocation,
) -> Result<Ending<InvitationOutcome>, Failure> {
    if !is_as_decided(conn, dialect, revocation.tenant, &revocation.by).await? {
        return Ok(Ending::RollBack(InvitationOutcome::Outdated));
    }
    let values: [Value; 3] = [
        revocation.invitation.as_uuid().into(),
        revocation.tenant.as_uuid().into(),
        revocation.at.into(),
    ];
    if run(conn, REVOKE, values).await? == 0 {
        return Ok(Ending::RollBack(InvitationOutcome::Settled));
    }
    audit_log::append(conn, &revocation.event).await?;
    Ok(Ending::Commit(InvitationOutcome::Changed))
}

/// Locks the tenant, and says whether the member still is what they were when it was decided.
pub(super) async fn is_as_decided(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    tenant: TenantId,
    by: &Standing,
) -> Result<bool, Failure> {
    Ok(tenants::lock(conn, tenant, LockType::NoKeyUpdate).await?
        && members::are_as_decided(conn, dialect, tenant, std::slice::from_ref(by)).await?)
}

async fn keep_token(conn: &impl ConnectionTrait, digest: &TokenDigest, id: InvitationId) -> Result<(), Failure> {
    let values: [Value; 2] = [digest.as_bytes().to_vec().into(), id.as_uuid().into()];
    run(conn, INSERT_TOKEN, values).await?;
    Ok(())
}

/// Changes rows, and answers how many.
pub(super) async fn run(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}
