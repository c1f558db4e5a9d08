//! Profiles and preferences.

use async_trait::async_trait;
use rookery_domain::{Preferences, Profile, ProfileUpdate, TenantId, Timestamp, UserId};

use super::{ConsentRecord, PortError};
use crate::AuditEvent;

/// A change of a profile, decided. User and preferences change together; the first change of a preference writes the
/// whole row, `defaults` filling what the person did not touch; later ones write only the columns they name, so that two
/// racing changes of different fields both last, first ones included. Whoever comes to want marketing by mail, or not any more,
/// has that written down in the same transaction.
#[derive(Clone, Debug)]
pub struct ProfileChange {
    /// Whose.
    pub user: UserId,
    /// The tenant the answer shows.
    pub tenant: Option<TenantId>,
    /// What to change; not empty.
    pub update: ProfileUpdate,
    /// What a first row holds where `update` is silent.
    pub defaults: Preferences,
    /// The event.
    pub event: AuditEvent,
    /// What is written down beside it if `update` changes whether they want marketing; there when it names that.
    pub consent: Option<ConsentRecord>,
    /// When: `updated` of the rows, and of the user in every case.
    pub at: Timestamp,
}

/// Keeps profiles.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ProfileStore: Send + Sync {
    /// Changes the profile and answers with all of it as it is then. `None` when there is no such person any more.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn apply(&self, change: &ProfileChange) -> Result<Option<Profile>, PortError>;
}
