//! Pictures of people.

use async_trait::async_trait;
use rookery_domain::{Picture, PictureHash, Profile, TenantId, Timestamp, UserId};

use super::PortError;
use crate::AuditEvent;

/// A person shows another picture, or none, decided. The profile says so in [`Profile::picture`], the content is kept under
/// its name, what they showed before is gone, and the event is written: together. Whoever is to show none and shows none has
/// nothing written at all.
#[derive(Clone, Debug)]
pub struct PictureChange {
    /// Whose.
    pub user: UserId,
    /// The tenant the answer shows.
    pub tenant: Option<TenantId>,
    /// What they show from now on.
    pub picture: Option<Picture>,
    /// The event.
    pub event: AuditEvent,
    /// When: `updated` of the user.
    pub at: Timestamp,
}

/// Keeps pictures.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PictureStore: Send + Sync {
    /// Changes what somebody shows and answers with their profile as it is then. `None` when there is no such person any
    /// more.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn replace(&self, change: &PictureChange) -> Result<Option<Profile>, PortError>;

    /// The picture of this name, while somebody with an account shows it.
    ///
    /// # Errors
    /// [`PortError`]
    async fn find(&self, hash: &PictureHash) -> Result<Option<Picture>, PortError>;
}
