//! Inviting, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{
    AuditAction, Caller, EmailAddress, InvitationId, InvitationNote, InvitationState, Membership, TenantId,
};

use super::letter::InvitationMail;
use super::{Invitation, InvitationDraft, InvitationError, InvitationFilter, InvitationPage, Invitations, Invited};
use crate::ports::{
    DeliveryBell, InvitationOutcome, InvitationResending, InvitationRevocation, InvitationStore, Inviter,
    InvitingOutcome, NewInvitation, PortError, SignedIn, Standing, TenantStore,
};
use crate::tenants::{ATTEMPTS, again_and_again, deed, membership_of};
use crate::{
    Act, Limit, Mint, PostRoom, Reader, Subject, TenantError, Throttle, ThrottleError, authorize, authorize_invitation,
    require_fresh_for_owners,
};

/// [`Invitations`] on top of the ports.
pub struct InvitationService {
    /// Knows who is what.
    pub tenants: Arc<dyn TenantStore>,
    /// Where invitations are kept.
    pub invitations: Arc<dyn InvitationStore>,
    /// Counts the invitations that are mailed.
    pub throttle: Throttle,
    /// Tells the time, makes ids, tokens and events.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Invitations for InvitationService {
    async fn invite(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        drafts: Vec<InvitationDraft>,
        caller: &Caller,
    ) -> Result<Vec<Invited>, InvitationError> {
        let membership = self.membership(signed_in, *tenant).await?;
        for draft in &drafts {
            authorize_invitation(&membership.tenant.roles, draft.roles.as_slice())?;
        }
        for draft in &drafts {
            require_fresh_for_owners(&signed_in.session, draft.roles.as_slice(), self.mint.now())?;
        }
        if signed_in.profile.email_verified.is_none() {
            return Err(InvitationError::EmailNotVerified);
        }
        let mut all = Vec::with_capacity(drafts.len());
        for draft in drafts {
            all.push(self.invite_one(signed_in, *tenant, draft, caller).await?);
        }
        if all.iter().any(|invited| matches!(invited, Invited::Sent(_))) {
            self.bell.ring();
        }
        match all.as_slice() {
            // Nobody else was asked for, so it is the request that was too many.
            [Invited::Limited(_, refusal)] => Err((*refusal).into()),
            _ => Ok(all),
        }
    }

    async fn list(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        filter: InvitationFilter,
    ) -> Result<InvitationPage, TenantError> {
        let membership = self.membership(signed_in, *tenant).await?;
        authorize(&membership.tenant.roles, Act::Invite)?;
        let wanted = filter.limit;
        // One more than is shown tells whether there is a next page.
        let filter = InvitationFilter {
            limit: wanted.saturating_add(1),
            ..filter
        };
        let reader = signed_in.session.user;
        let found = self
            .invitations
            .list(tenant, &reader, &filter, &self.mint.now())
            .await?;
        Ok(page(found, wanted))
    }

    async fn resend(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        invitation: &InvitationId,
        caller: &Caller,
    ) -> Result<Invitation, InvitationError> {
        for _ in 0..ATTEMPTS {
            let (membership, found) = self.waiting(signed_in, *tenant, invitation).await?;
            require_fresh_for_owners(&signed_in.session, &found.roles, self.mint.now())?;
            if signed_in.profile.email_verified.is_none() {
                return Err(InvitationError::EmailNotVerified);
            }
            let prospect = self.invitations.prospect(tenant, &found.email).await?;
            if prospect.is_member {
                return Err(InvitationError::AlreadyMember);
            }
            self.count(signed_in, *tenant, &found.email).await?;
            match self
                .mail_again(signed_in, membership, found, prospect.reader, caller)
                .await?
            {
                Again::Mailed(invitation) => {
                    self.bell.ring();
                    return Ok(*invitation);
                }
                Again::Not(email, outcome) => {
                    self.uncount(signed_in, *tenant, &email).await?;
                    if outcome == InvitationOutcome::Settled {
                        return Err(InvitationError::Settled);
                    }
                }
            }
        }
        Err(again_and_again("invitations.resend").into())
    }

    async fn revoke(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        invitation: &InvitationId,
        caller: &Caller,
    ) -> Result<(), InvitationError> {
        for _ in 0..ATTEMPTS {
            let (membership, found) = self.waiting(signed_in, *tenant, invitation).await?;
            let at = self.mint.now();
            let revoked = (AuditAction::InvitationRevoked, *tenant, target(found.id));
            let revocation = InvitationRevocation {
                invitation: found.id,
                tenant: *tenant,
                by: standing(signed_in, &membership),
                event: deed(&self.mint, signed_in, revoked, caller, at),
                at,
            };
            match self.invitations.revoke(&revocation).await? {
                InvitationOutcome::Changed => return Ok(()),
                InvitationOutcome::Settled => return Err(InvitationError::Settled),
                InvitationOutcome::Outdated => {}
            }
        }
        Err(again_and_again("invitations.revoke").into())
    }
}

/// What became of mailing an invitation again.
enum Again {
    Mailed(Box<Invitation>),
    Not(EmailAddress, InvitationOutcome),
}

impl InvitationService {
    /// What the one who asks is in the tenant.
    async fn membership(&self, signed_in: &SignedIn, tenant: TenantId) -> Result<Membership, TenantError> {
        membership_of(self.tenants.as_ref(), signed_in, &tenant, self.mint.now()).await
    }

    async fn invite_one(
        &self,
        signed_in: &SignedIn,
        tenant: TenantId,
        draft: InvitationDraft,
        caller: &Caller,
    ) -> Result<Invited, InvitationError> {
        for _ in 0..ATTEMPTS {
            let membership = self.membership(signed_in, tenant).await?;
            authorize_invitation(&membership.tenant.roles, draft.roles.as_slice())?;
            let prospect = self.invitations.prospect(&tenant, &draft.email).await?;
            if prospect.is_member {
                return Ok(Invited::AlreadyMember(draft.email));
            }
            match self.count(signed_in, tenant, &draft.email).await {
                Err(ThrottleError::Refused(refusal)) => return Ok(Invited::Limited(draft.email, refusal)),
                counted => counted?,
            }
            let new = self.decide(signed_in, &membership, &draft, prospect.reader, caller)?;
            let outcome = self.invitations.invite(&new).await?;
            if outcome != InvitingOutcome::Invited {
                self.uncount(signed_in, tenant, &draft.email).await?;
            }
            match outcome {
                InvitingOutcome::Invited => return Ok(Invited::Sent(shown(signed_in, &membership, new))),
                InvitingOutcome::AlreadyMember => return Ok(Invited::AlreadyMember(draft.email)),
                InvitingOutcome::AlreadyInvited => return Ok(Invited::AlreadyInvited(draft.email)),
                InvitingOutcome::Outdated => {}
            }
        }
        Err(again_and_again("invitations.invite").into())
    }

    fn decide(
        &self,
        signed_in: &SignedIn,
        membership: &Membership,
        draft: &InvitationDraft,
        reader: Option<Reader>,
        caller: &Caller,
    ) -> Result<NewInvitation, PortError> {
        let at = self.mint.now();
        let id = self.mint.invitation_id(at);
        let tenant = &membership.tenant;
        let InvitationMail { digest, mail, expires } = InvitationMail::write(
            (&self.mint, &self.post_room),
            signed_in,
            &tenant.name,
            (&draft.email, reader.unwrap_or_else(|| own(signed_in))),
            draft.note.as_ref().map(InvitationNote::as_str),
            at,
        )?;
        let invited = (AuditAction::Invited, tenant.id, target(id));
        Ok(NewInvitation {
            id,
            tenant: tenant.id,
            by: standing(signed_in, membership),
            email: draft.email.clone(),
            roles: draft.roles.clone(),
            note: draft.note.clone(),
            digest,
            mail,
            event: deed(&self.mint, signed_in, invited, caller, at),
            at,
            expires,
        })
    }

    async fn mail_again(
        &self,
        signed_in: &SignedIn,
        membership: Membership,
        mut found: Invitation,
        reader: Option<Reader>,
        caller: &Caller,
    ) -> Result<Again, PortError> {
        let at = self.mint.now();
        let tenant = &membership.tenant;
        let InvitationMail { digest, mail, expires } = InvitationMail::write(
            (&self.mint, &self.post_room),
            signed_in,
            &tenant.name,
            (&found.email, reader.unwrap_or_else(|| own(signed_in))),
            found.note.as_deref(),
            at,
        )?;
        let resent = (AuditAction::InvitationResent, tenant.id, target(found.id));
        let resending = InvitationResending {
            invitation: found.id,
            tenant: tenant.id,
            by: standing(signed_in, &membership),
            digest,
            mail,
            event: deed(&self.mint, signed_in, resent, caller, at),
            at,
            expires,
        };
        Ok(match self.invitations.resend(&resending).await? {
            InvitationOutcome::Changed => {
                found.expires = expires;
                found.inviter = Some(inviter(signed_in, &membership));
                Again::Mailed(Box::new(found))
            }
            outcome => Again::Not(found.email, outcome),
        })
    }

    /// An invitation that waits for an answer, and that the one who asks may give the roles of.
    async fn waiting(
        &self,
        signed_in: &SignedIn,
        tenant: TenantId,
        invitation: &InvitationId,
    ) -> Result<(Membership, Invitation), InvitationError> {
        let membership = self.membership(signed_in, tenant).await?;
        authorize(&membership.tenant.roles, Act::Invite)?;
        let found = self
            .invitations
            .find(&tenant, &signed_in.session.user, invitation)
            .await?;
        let found = found.ok_or(InvitationError::NoSuchInvitation)?;
        authorize_invitation(&membership.tenant.roles, &found.roles)?;
        if found.stored == InvitationState::Pending {
            Ok((membership, found))
        } else {
            Err(InvitationError::Settled)
        }
    }

    /// Counts a mail, for everybody it is counted by or for nobody.
    async fn count(&self, signed_in: &SignedIn, tenant: TenantId, email: &EmailAddress) -> Result<(), ThrottleError> {
        let counters = counters(signed_in, tenant, email);
        for (place, (limit, subject)) in counters.iter().enumerate() {
            if let Err(refused) = self.throttle.take(*limit, subject).await {
                for (limit, subject) in &counters[..place] {
                    self.throttle.give_back(*limit, subject).await?;
                }
                return Err(refused);
            }
        }
        Ok(())
    }

    /// Takes back what was counted for a mail that is not sent.
    async fn uncount(&self, signed_in: &SignedIn, tenant: TenantId, email: &EmailAddress) -> Result<(), PortError> {
        for (limit, subject) in counters(signed_in, tenant, email) {
            self.throttle.give_back(limit, &subject).await?;
        }
        Ok(())
    }
}

fn counters(signed_in: &SignedIn, tenant: TenantId, email: &EmailAddress) -> [(Limit, Subject); 3] {
    [
        (Limit::InvitationsUser, Subject::User(signed_in.session.user)),
        (Limit::InvitationsTenant, Subject::Tenant(tenant)),
        (Limit::InvitationsAddress, Subject::mailbox(email)),
    ]
}

fn standing(signed_in: &SignedIn, membership: &Membership) -> Standing {
    Standing {
        user: signed_in.session.user,
        roles: membership.tenant.roles.clone(),
    }
}

/// Whoever has said nothing is taken to read as the one who invites them.
fn own(signed_in: &SignedIn) -> Reader {
    Reader::from(&signed_in.profile.preferences)
}

fn target(invitation: InvitationId) -> String {
    format!("invitation:{invitation}")
}

fn inviter(signed_in: &SignedIn, membership: &Membership) -> Inviter {
    Inviter {
        user: signed_in.session.user,
        name: signed_in.profile.name.clone(),
        email: signed_in.profile.email.clone(),
        roles: membership.tenant.roles.clone(),
    }
}

fn shown(signed_in: &SignedIn, membership: &Membership, new: NewInvitation) -> Invitation {
    Invitation {
        id: new.id,
        email: new.email,
        roles: new.roles.as_slice().to_vec(),
        note: new.note.map(|note| note.to_string()),
        inviter: Some(inviter(signed_in, membership)),
        created: new.at,
        expires: new.expires,
        stored: InvitationState::Pending,
        settled: None,
    }
}

fn page(mut invitations: Vec<Invitation>, wanted: u32) -> InvitationPage {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let more = invitations.len() > wanted;
    invitations.truncate(wanted);
    let last = invitations.last().filter(|_| more);
    InvitationPage {
        next: last.map(Invitation::position),
        invitations,
    }
}

#[cfg(test)]
mod tests;
