//! Reading the audit log, page by page.

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, EventId, TenantId, Timestamp, UserId};

use super::PortError;
use crate::AuditEvent;

/// Where an event stands in the log: no two stand at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventPosition {
    /// When it happened.
    pub at: Timestamp,
    /// Its id, among those of the same moment.
    pub id: EventId,
}

/// Which events, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFilter {
    /// What happened: any of these; anything when there are none.
    pub actions: Vec<AuditAction>,
    /// How it went.
    pub outcome: Option<AuditOutcome>,
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub to: Option<Timestamp>,
    /// Only what stands behind this place, that is, what is older.
    pub behind: Option<EventPosition>,
    /// At most so many.
    pub limit: u32,
}

/// An event as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// What happened. Of `caller` and `detail` nothing is left once it is anonymised.
    pub event: AuditEvent,
    /// When what was personal was taken out of it.
    pub anonymised: Option<Timestamp>,
}

impl RecordedEvent {
    /// Where it stands.
    #[must_use]
    pub const fn position(&self) -> EventPosition {
        EventPosition {
            at: self.event.at,
            id: self.event.id,
        }
    }
}

/// Reads the audit log, the newest events first. Going from page to page by [`behind`](EventFilter::behind) shows no event twice
/// and leaves none out that was there from the start, whatever is written meanwhile. Events whose words this release does
/// not know are left out.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait EventReader: Send + Sync {
    /// Events about this person, in whatever tenant.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn of_person(&self, user: &UserId, filter: &EventFilter) -> Result<Vec<RecordedEvent>, PortError>;

    /// Events inside this tenant, for this reader. `None` unless the reader is an owner of it at this moment: whether there is
    /// such a tenant is not told.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn of_tenant(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        filter: &EventFilter,
    ) -> Result<Option<Vec<RecordedEvent>>, PortError>;
}
