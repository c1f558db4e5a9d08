//! Invitations into tenants: making them, finding them, answering them.

mod answering;
mod making;
mod shown;

pub use answering::*;
pub use making::*;
pub use shown::*;

use async_trait::async_trait;
use rookery_domain::{EmailAddress, InvitationId, TenantId, Timestamp, TokenDigest, UserId};

use super::PortError;

/// Keeps invitations. Those into deleted tenants are not there.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait InvitationStore: Send + Sync {
    /// What is known of an address. One statement, whoever has it.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn prospect(&self, tenant: &TenantId, email: &EmailAddress) -> Result<Prospect, PortError>;

    /// Makes an invitation. Of several racing for one address in one tenant one is made. The same statements, whoever has the
    /// address.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn invite(&self, invitation: &NewInvitation) -> Result<InvitingOutcome, PortError>;

    /// Invitations of a tenant, for one who is a member at this moment, the newest first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn list(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        filter: &InvitationFilter,
        now: &Timestamp,
    ) -> Result<Vec<Invitation>, PortError>;

    /// One invitation of a tenant, for one who is a member at this moment.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn find(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        invitation: &InvitationId,
    ) -> Result<Option<Invitation>, PortError>;

    /// Mails an invitation again.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn resend(&self, resending: &InvitationResending) -> Result<InvitationOutcome, PortError>;

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn revoke(&self, revocation: &InvitationRevocation) -> Result<InvitationOutcome, PortError>;

    /// The invitation that was mailed with this token, the newest mail or an older one, whatever became of it. Changes nothing.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn by_token(&self, digest: &TokenDigest) -> Result<Option<InvitationRecord>, PortError>;

    /// Accepts an invitation for somebody with an account. Of several answers at once one counts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn accept(&self, acceptance: &InvitationAcceptance) -> Result<JoinOutcome, PortError>;

    /// Accepts an invitation for somebody without a proved account. Of several answers at once one counts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn enrol(&self, enrolment: &InvitationEnrolment) -> Result<JoinOutcome, PortError>;

    /// Declines an invitation. `false` when it was not pending under this token any more; nothing was written then.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn decline(&self, declining: &InvitationDeclining) -> Result<bool, PortError>;
}
