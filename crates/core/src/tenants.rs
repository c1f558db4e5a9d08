//! The tenants one belongs to.

mod deed;
mod entry;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, Membership, TenantId, TenantName, TenantSummary};
use thiserror::Error;

use crate::passing_on::may_be_throttled;
use crate::ports::{PortError, SignedIn};
use crate::{Forbidden, ReauthenticationRequired, Refusal};

pub(crate) use deed::{ATTEMPTS, again_and_again, deed};
pub(crate) use entry::membership_of;
pub use service::TenantService;

/// Why something was not done in a tenant.
#[derive(Debug, Error)]
pub enum TenantError {
    /// There is no such tenant, or the person does not belong to it: nobody can tell which.
    #[error("no such tenant for this person")]
    NotFound,
    /// They belong to it, and none of their roles grants this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The last proof of who they are is older than a session in this tenant may be.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why no tenant was made.
#[derive(Debug, Error)]
pub enum FoundTenantError {
    /// The account is gone.
    #[error("not signed in")]
    NotSignedIn,
    /// It is not their first, and they have not proved that their address is theirs.
    #[error("the address must be verified first")]
    EmailNotVerified,
    /// Too many in a day.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(FoundTenantError);

/// Why a session does not go on in another tenant.
#[derive(Debug, Error)]
pub enum SwitchTenantError {
    /// The session has ended meanwhile, or the account is gone.
    #[error("not signed in")]
    NotSignedIn,
    /// There is no such tenant, or the person does not belong to it: nobody can tell which.
    #[error("no such tenant for this person")]
    NotFound,
    /// They belong to it, and have no role in it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The last proof of who they are is older than a session in this tenant may be.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Making tenants, and moving between one's own.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Tenants: Send + Sync {
    /// Makes a tenant whose owner the person is. Who has not verified their address may make their first one and no more.
    /// The session stays where it is.
    ///
    /// # Errors
    /// [`FoundTenantError`]; then there is no such tenant.
    async fn found(
        &self,
        signed_in: &SignedIn,
        name: TenantName,
        caller: &Caller,
    ) -> Result<Membership, FoundTenantError>;

    /// The tenants the person belongs to, the one they have belonged to longest first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn list(&self, signed_in: &SignedIn) -> Result<Vec<Membership>, PortError>;

    /// Gives a tenant another name.
    ///
    /// # Errors
    /// [`TenantError`]; then it has its old one.
    async fn rename(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        name: TenantName,
        caller: &Caller,
    ) -> Result<Membership, TenantError>;

    /// The session goes on in another tenant of the person, on every node with its next request. From then on it lives no
    /// longer than the tenant's policy lets it, counted from the person's last proof of who they are, and lacks the second
    /// factor that any of their tenants asks for.
    ///
    /// # Errors
    /// [`SwitchTenantError`]; then the session is where it was.
    async fn switch(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        caller: &Caller,
    ) -> Result<TenantSummary, SwitchTenantError>;
}
