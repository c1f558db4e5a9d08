//! Looking back at what happened: a person at their account, an owner at their tenant.

mod service;

use async_trait::async_trait;
use rookery_domain::TenantId;
use thiserror::Error;

use crate::ports::{EventFilter, EventPosition, PortError, RecordedEvent, SignedIn};
use crate::{ReauthenticationRequired, TenantError};

pub use service::ActivityService;

/// Some of what happened, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityPage {
    /// The events, at most as many as were asked for.
    pub events: Vec<RecordedEvent>,
    /// Behind which place the next page begins; `None` when this is the last one.
    pub next: Option<EventPosition>,
}

/// Why a tenant's log is not shown.
#[derive(Debug, Error)]
pub enum TenantActivityError {
    /// There is no such tenant, or the reader is no owner of it: nobody can tell which.
    #[error("no such tenant for this reader")]
    NotFound,
    /// The last proof of who they are is older than a session in this tenant may be.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Who only belongs to it learns as little as a stranger.
impl From<TenantError> for TenantActivityError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::NotFound | TenantError::Forbidden(_) => Self::NotFound,
            TenantError::ReauthenticationRequired(required) => Self::ReauthenticationRequired(required),
            TenantError::Port(error) => Self::Port(error),
        }
    }
}

/// What happened, for those who may know.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Activity: Send + Sync {
    /// Log-ins and security events of one's own account, failed ones too, of the last [twelve months](crate::LOG_IN_HISTORY).
    ///
    /// # Errors
    /// [`PortError`] when something below failed.
    async fn of_person(&self, signed_in: &SignedIn, filter: EventFilter) -> Result<ActivityPage, PortError>;

    /// What was done in sessions inside a tenant, for those who own it at this moment.
    ///
    /// # Errors
    /// [`TenantActivityError`]
    async fn of_tenant(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        filter: EventFilter,
    ) -> Result<ActivityPage, TenantActivityError>;
}
