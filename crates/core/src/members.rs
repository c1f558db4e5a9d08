//! The people of a tenant.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, Roles, TenantId, UserId};
use thiserror::Error;

use crate::ports::{Member, MemberFilter, MemberPosition, PortError, SignedIn};
use crate::{Forbidden, ReauthenticationRequired, TenantError};

pub use service::MemberService;

/// Some of the members, in the order in which they joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPage {
    /// The members, at most as many as were asked for.
    pub members: Vec<Member>,
    /// Behind which place the next page begins; `None` when this is the last one.
    pub next: Option<MemberPosition>,
}

/// Whose membership has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedMembership {
    /// That of whoever asked: they have left.
    Own,
    /// Somebody else's.
    Other,
}

/// Why a member is what they were.
#[derive(Debug, Error)]
pub enum MemberError {
    /// There is no such tenant, or the person does not belong to it: nobody can tell which.
    #[error("no such tenant for this person")]
    NoSuchTenant,
    /// They belong to it, and none of their roles grants this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody of that id belongs to the tenant.
    #[error("no such member")]
    NoSuchMember,
    /// The tenant would be without an owner.
    #[error("the tenant needs an owner")]
    LastOwner,
    /// Nobody transfers a tenant to themselves.
    #[error("the ownership is transferred to another member")]
    NotAnother,
    /// It needs a fresh proof of who one is.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<TenantError> for MemberError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::NotFound => Self::NoSuchTenant,
            TenantError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            TenantError::ReauthenticationRequired(required) => Self::ReauthenticationRequired(required),
            TenantError::Port(error) => Self::Port(error),
        }
    }
}

/// Seeing and changing who belongs to a tenant, and as what. Owners are made, changed and removed by owners alone, and a
/// tenant always has one.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Members: Send + Sync {
    /// The members of a tenant the person belongs to.
    ///
    /// # Errors
    /// [`TenantError`]
    async fn list(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        filter: MemberFilter,
    ) -> Result<MemberPage, TenantError>;

    /// One member of a tenant the person belongs to.
    ///
    /// # Errors
    /// [`MemberError`]
    async fn find(&self, signed_in: &SignedIn, tenant: &TenantId, member: &UserId) -> Result<Member, MemberError>;

    /// Gives a member these roles and no others. To give the roles they have changes nothing and writes nothing. To make or
    /// unmake an owner needs a [fresh proof](crate::require_fresh).
    ///
    /// # Errors
    /// [`MemberError`]; then they have the roles they had.
    async fn assign(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        member: &UserId,
        roles: Roles,
        caller: &Caller,
    ) -> Result<Member, MemberError>;

    /// Ends a membership, one's own or another's. Sessions of that person are in the tenant no more, on any node. To remove
    /// another owner needs a [fresh proof](crate::require_fresh).
    ///
    /// # Errors
    /// [`MemberError`]; then nothing has changed.
    async fn remove(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        member: &UserId,
        caller: &Caller,
    ) -> Result<EndedMembership, MemberError>;

    /// Makes another member an owner in the place of the one who asks, who stays as an admin. Needs a
    /// [fresh proof](crate::require_fresh).
    ///
    /// # Errors
    /// [`MemberError`]; then nothing has changed.
    async fn transfer_ownership(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        to: &UserId,
        caller: &Caller,
    ) -> Result<Member, MemberError>;
}
