//! Inviting people into a tenant.

mod letter;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, EmailAddress, InvitationId, InvitationNote, Roles, TenantId};
use thiserror::Error;

use crate::passing_on::may_be_throttled;
use crate::ports::{Invitation, InvitationFilter, InvitationPosition, PortError, SignedIn};
use crate::{Forbidden, ReauthenticationRequired, Refusal, TenantError};

pub use service::InvitationService;

/// Most people that are invited at once.
pub const MAX_INVITED_AT_ONCE: usize = 20;

/// Whom to invite, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationDraft {
    /// The address.
    pub email: EmailAddress,
    /// What they may do in the tenant.
    pub roles: Roles,
    /// What is written to them.
    pub note: Option<InvitationNote>,
}

/// What became of one of several drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invited {
    /// The invitation is on its way.
    Sent(Invitation),
    /// They belong to the tenant already.
    AlreadyMember(EmailAddress),
    /// An invitation to this address waits already; it can be mailed again.
    AlreadyInvited(EmailAddress),
    /// Too many invitations in a day, by this person, into this tenant or to this address.
    Limited(EmailAddress, Refusal),
}

/// Some of the invitations, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationPage {
    /// The invitations, at most as many as were asked for.
    pub invitations: Vec<Invitation>,
    /// Behind which place the next page begins; `None` when this is the last one.
    pub next: Option<InvitationPosition>,
}

/// Why nobody was invited, or an invitation is what it was.
#[derive(Debug, Error)]
pub enum InvitationError {
    /// There is no such tenant, or the person does not belong to it: nobody can tell which.
    #[error("no such tenant for this person")]
    NoSuchTenant,
    /// They belong to it, and none of their roles grants this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// It needs a newer proof of who one is.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Only whose address is proved to be theirs invites others.
    #[error("the address must be verified first")]
    EmailNotVerified,
    /// The tenant has no such invitation.
    #[error("no such invitation")]
    NoSuchInvitation,
    /// It has been answered, taken back or replaced.
    #[error("the invitation does not wait any more")]
    Settled,
    /// Whoever it was mailed to belongs to the tenant by now.
    #[error("they belong to the tenant already")]
    AlreadyMember,
    /// Too many in a day.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<TenantError> for InvitationError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::NotFound => Self::NoSuchTenant,
            TenantError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            TenantError::ReauthenticationRequired(required) => Self::ReauthenticationRequired(required),
            TenantError::Port(error) => Self::Port(error),
        }
    }
}

may_be_throttled!(InvitationError);

/// Inviting people into a tenant, and keeping track of it. Nobody learns by it who has an account: whoever is invited is sent
/// the same mail, by the same work, and no more is told than that somebody is a member, which members see anyway.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Invitations: Send + Sync {
    /// Mails invitations, each by itself: what became of each is told in the order of the drafts. To invite an owner needs a
    /// [fresh proof](crate::require_fresh), and so does mailing such an invitation again.
    ///
    /// # Errors
    /// [`InvitationError`]; then nobody was invited, unless something below failed halfway.
    async fn invite(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        drafts: Vec<InvitationDraft>,
        caller: &Caller,
    ) -> Result<Vec<Invited>, InvitationError>;

    /// The invitations of a tenant.
    ///
    /// # Errors
    /// [`TenantError`]
    async fn list(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        filter: InvitationFilter,
    ) -> Result<InvitationPage, TenantError>;

    /// Mails an invitation again, with a new link that lives anew. The old link is void, and whoever asks stands for the
    /// invitation from now on.
    ///
    /// # Errors
    /// [`InvitationError`]; then the old link is worth what it was.
    async fn resend(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        invitation: &InvitationId,
        caller: &Caller,
    ) -> Result<Invitation, InvitationError>;

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`InvitationError`]; then it is what it was.
    async fn revoke(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        invitation: &InvitationId,
        caller: &Caller,
    ) -> Result<(), InvitationError>;
}
