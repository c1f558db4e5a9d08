//! What a tenant asks of its members: reading it, and changing it. It never asks for less than the installation does.

mod installation;
mod service;
mod terms;
mod version;

use async_trait::async_trait;
use rookery_domain::{Caller, PolicyUpdate, TenantId, TenantPolicy, Timestamp, Violations};
use thiserror::Error;

use crate::ports::{PortError, SignedIn};
use crate::{Forbidden, ReauthenticationRequired, TenantError};

pub use installation::installation_policy;
pub use service::PolicyService;
pub use terms::PolicyTerm;
pub use version::PolicyVersion;

/// What a tenant asks of its members, as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInForce {
    /// What is asked: the stricter of the installation's rules and the tenant's, setting by setting.
    pub policy: TenantPolicy,
    /// What the installation asks of everybody: the weakest a tenant may ask for.
    pub weakest: TenantPolicy,
    /// Names what the tenant has written down.
    pub version: PolicyVersion,
    /// When that was last changed; `None` when the tenant has never asked for anything.
    pub changed: Option<Timestamp>,
    /// Since when a second factor is asked for; `None` when none is.
    pub two_factor_since: Option<Timestamp>,
}

/// Why a policy was not changed.
#[derive(Debug, Error)]
pub enum ChangePolicyError {
    /// There is no such tenant, or the person does not belong to it: nobody can tell which.
    #[error("no such tenant for this person")]
    NotFound,
    /// They belong to it, and none of their roles grants this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// They have not proved lately who they are.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// It names nothing to change, or goes beyond a bound.
    #[error("the update is not acceptable: {0}")]
    Invalid(Violations),
    /// The policy is not the one the change was meant for.
    #[error("the policy has been changed meanwhile")]
    Superseded,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<TenantError> for ChangePolicyError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::NotFound => Self::NotFound,
            TenantError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            TenantError::ReauthenticationRequired(required) => Self::ReauthenticationRequired(required),
            TenantError::Port(error) => Self::Port(error),
        }
    }
}

/// Reading and changing what a tenant asks of its members.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Policies: Send + Sync {
    /// What a tenant asks of its members. Where it has asked for nothing, that is what the installation asks.
    ///
    /// # Errors
    /// [`TenantError`]
    async fn read(&self, signed_in: &SignedIn, tenant: &TenantId) -> Result<PolicyInForce, TenantError>;

    /// Changes what the update names, and answers with the whole policy. With `expected`, only if the policy is one of
    /// these. Needs a fresh proof of who one is. What asks for nothing new changes nothing, and nobody is told.
    ///
    /// # Errors
    /// [`ChangePolicyError`]; then nothing has changed.
    async fn change(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        update: PolicyUpdate,
        expected: Option<Vec<PolicyVersion>>,
        caller: &Caller,
    ) -> Result<PolicyInForce, ChangePolicyError>;
}
