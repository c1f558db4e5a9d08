//! Joining, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::password::PasswordPolicy;
use rookery_domain::{
    AuditAction, AuditOutcome, Caller, InvitationState, OneTimeToken, SessionLifetime, TenantSummary, Timestamp,
    TokenDigest, TokenPurpose,
};

use super::letters;
use super::{AcceptInvitation, DeadInvitation, Joined, Joining, JoiningError, JoiningStep, ShownInvitation};
use crate::ports::{
    DeliveryBell, Holder, InvitationAcceptance, InvitationDeclining, InvitationRecord, InvitationStore, Inviter,
    JoinOutcome, PasswordHasher, SignedIn, Standing,
};
use crate::tenants::{ATTEMPTS, again_and_again};
use crate::{AuditEvent, Mint, PostRoom};

/// [`Joining`] on top of the ports.
pub struct JoiningService {
    /// Where invitations are kept, and answered.
    pub invitations: Arc<dyn InvitationStore>,
    /// Hashes the password of a newcomer.
    pub hasher: Arc<dyn PasswordHasher>,
    /// What a password must meet.
    pub policy: PasswordPolicy,
    /// Tells the time, makes ids, tokens and events.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
    /// How long a session lives.
    pub lifetime: SessionLifetime,
}

#[async_trait]
impl Joining for JoiningService {
    async fn show(&self, token: &str, signed_in: Option<SignedIn>) -> Result<ShownInvitation, JoiningError> {
        let (_, record) = self.known(token).await?;
        let now = self.mint.now();
        let is_expired = match alive(&record, now) {
            Err(DeadInvitation::Expired) => true,
            judged => {
                judged?;
                false
            }
        };
        let inviter = record.inviter.as_ref().ok_or(DeadInvitation::Void)?;
        Ok(ShownInvitation {
            tenant_name: record.tenant_name.clone(),
            inviter_name: inviter.name.clone(),
            inviter_email: inviter.email.clone(),
            next: step(&record, signed_in.as_ref()),
            roles: record.roles.as_slice().to_vec(),
            note: record.note,
            email: record.email,
            expires: record.expires,
            is_expired,
        })
    }

    async fn accept(&self, accept: AcceptInvitation) -> Result<Joined, JoiningError> {
        let mut hashed = None;
        for _ in 0..ATTEMPTS {
            let (digest, record) = self.known(&accept.token).await?;
            alive(&record, self.mint.now())?;
            let answered = match (step(&record, accept.signed_in.as_ref()), &accept.signed_in) {
                (JoiningStep::Nothing, _) => return Err(JoiningError::AlreadyMember),
                (JoiningStep::SignOut, _) => return Err(JoiningError::SignedInAsSomeoneElse),
                (JoiningStep::Join, Some(signed_in)) => self.join(signed_in, digest, &record, &accept.caller).await?,
                (JoiningStep::SignIn | JoiningStep::Join, _) => return Err(JoiningError::SignInRequired),
                (JoiningStep::Enrol, _) => self.enrol(&accept, digest, &record, &mut hashed).await?,
            };
            if let Some(joined) = answered {
                self.bell.ring();
                return Ok(joined);
            }
        }
        Err(again_and_again("joining.accept").into())
    }

    async fn decline(&self, token: &str, caller: &Caller) -> Result<(), JoiningError> {
        for _ in 0..ATTEMPTS {
            let (digest, record) = self.known(token).await?;
            let at = self.mint.now();
            alive(&record, at)?;
            // From where a stranger declines is no business of the inviter, whose event it is.
            let caller = Caller {
                address: None,
                user_agent: None,
                ..caller.clone()
            };
            let declining = InvitationDeclining {
                invitation: record.id,
                digest,
                event: AuditEvent {
                    user: record.inviter.as_ref().map(|inviter| inviter.user),
                    tenant: Some(record.tenant),
                    target: Some(target(&record)),
                    ..self
                        .mint
                        .event(at, AuditAction::InvitationDeclined, AuditOutcome::Success, &caller)
                },
                at,
            };
            if self.invitations.decline(&declining).await? {
                return Ok(());
            }
        }
        Err(again_and_again("joining.decline").into())
    }
}

impl JoiningService {
    async fn known(&self, token: &str) -> Result<(TokenDigest, InvitationRecord), JoiningError> {
        let token = OneTimeToken::parse(TokenPurpose::Invitation, token).ok_or(DeadInvitation::Unknown)?;
        let digest = token.digest();
        let record = self.invitations.by_token(&digest).await?;
        Ok((digest, record.ok_or(DeadInvitation::Unknown)?))
    }

    /// `None` when something has changed since it was looked up.
    async fn join(
        &self,
        signed_in: &SignedIn,
        digest: TokenDigest,
        record: &InvitationRecord,
        caller: &Caller,
    ) -> Result<Option<Joined>, JoiningError> {
        let (Some(inviter), Some(holder)) = (&record.inviter, &record.holder) else {
            return Ok(None);
        };
        let at = self.mint.now();
        let verifies = holder.email_verified.is_none();
        let mut events = Vec::new();
        if verifies {
            events.push(AuditEvent {
                user: Some(holder.user),
                session: Some(signed_in.session.id),
                ..self
                    .mint
                    .event(at, AuditAction::EmailVerified, AuditOutcome::Success, caller)
            });
        }
        events.push(AuditEvent {
            user: Some(holder.user),
            session: Some(signed_in.session.id),
            ..self.accepted(record, caller, at)
        });
        let acceptance = InvitationAcceptance {
            invitation: record.id,
            digest,
            tenant: record.tenant,
            inviter: standing(inviter),
            user: holder.user,
            session: signed_in.session.id,
            roles: record.roles.clone(),
            verifies,
            mails: vec![
                letters::to_member(&self.post_room, record, holder, at)?,
                letters::to_inviter(&self.post_room, record, inviter, at)?,
            ],
            events,
            at,
        };
        let outcome = self.invitations.accept(&acceptance).await?;
        Ok(answered(outcome)?.then(|| Joined::Member(summary(record))))
    }

    /// The event of joining, but for who joins.
    pub(super) fn accepted(&self, record: &InvitationRecord, caller: &Caller, at: Timestamp) -> AuditEvent {
        AuditEvent {
            tenant: Some(record.tenant),
            target: Some(target(record)),
            ..self
                .mint
                .event(at, AuditAction::InvitationAccepted, AuditOutcome::Success, caller)
        }
    }
}

/// Whether an answer counts; `false` when it is to be decided anew.
pub(super) fn answered(outcome: JoinOutcome) -> Result<bool, JoiningError> {
    match outcome {
        JoinOutcome::Joined => Ok(true),
        JoinOutcome::Outdated => Ok(false),
        JoinOutcome::AlreadyMember => Err(JoiningError::AlreadyMember),
        JoinOutcome::AddressReserved => Err(JoiningError::EmailTaken),
    }
}

pub(super) fn standing(inviter: &Inviter) -> Standing {
    Standing {
        user: inviter.user,
        roles: inviter.roles.clone(),
    }
}

pub(super) fn summary(record: &InvitationRecord) -> TenantSummary {
    TenantSummary {
        id: record.tenant,
        name: record.tenant_name.clone(),
        roles: record.roles.as_slice().to_vec(),
    }
}

fn target(record: &InvitationRecord) -> String {
    format!("invitation:{}", record.id)
}

/// Whether the token leads anywhere. An old link is told from a new one first: whoever follows it has a mail that works.
fn alive(record: &InvitationRecord, now: Timestamp) -> Result<(), DeadInvitation> {
    match record.state(now) {
        InvitationState::Accepted => Err(DeadInvitation::Accepted),
        InvitationState::Declined => Err(DeadInvitation::Declined),
        InvitationState::Revoked => Err(DeadInvitation::Revoked),
        _ if !record.is_newest => Err(DeadInvitation::Superseded),
        InvitationState::Expired => Err(DeadInvitation::Expired),
        InvitationState::Void => Err(DeadInvitation::Void),
        InvitationState::Pending => Ok(()),
    }
}

/// What leads into the tenant, for whoever shows the token. An account that nobody has proved to be theirs says nothing about them,
/// unless they are signed in to it: the token, and not the account, is what they are known by.
fn step(record: &InvitationRecord, signed_in: Option<&SignedIn>) -> JoiningStep {
    match (signed_in, &record.holder) {
        (Some(signed_in), Some(holder)) if signed_in.session.user == holder.user => {
            if holder.is_member {
                JoiningStep::Nothing
            } else {
                JoiningStep::Join
            }
        }
        (Some(_), _) => JoiningStep::SignOut,
        (None, Some(holder)) if is_somebodys(holder) => JoiningStep::SignIn,
        (None, _) => JoiningStep::Enrol,
    }
}

/// Whether the account is proved to be somebody's, or shut: then the way into it is that of every sign-in.
fn is_somebodys(holder: &Holder) -> bool {
    holder.email_verified.is_some() || holder.is_closed
}

#[cfg(test)]
mod tests;
