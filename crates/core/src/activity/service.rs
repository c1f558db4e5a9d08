//! Looking back, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::TenantId;

use super::{Activity, ActivityPage, TenantActivityError};
use crate::ports::{EventFilter, EventReader, PortError, RecordedEvent, SignedIn, TenantStore};
use crate::tenants::membership_of;
use crate::{LOG_IN_HISTORY, Mint};

/// [`Activity`] on top of the ports.
pub struct ActivityService {
    /// Knows who is what.
    pub tenants: Arc<dyn TenantStore>,
    /// Reads the audit log.
    pub events: Arc<dyn EventReader>,
    /// Tells the time.
    pub mint: Mint,
}

#[async_trait]
impl Activity for ActivityService {
    async fn of_person(&self, signed_in: &SignedIn, filter: EventFilter) -> Result<ActivityPage, PortError> {
        let horizon = self.mint.now() - LOG_IN_HISTORY;
        let wanted = filter.limit;
        let filter = EventFilter {
            from: Some(filter.from.map_or(horizon, |from| from.max(horizon))),
            ..one_more(filter)
        };
        let events = self.events.of_person(&signed_in.session.user, &filter).await?;
        Ok(page(events, wanted))
    }

    async fn of_tenant(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        filter: EventFilter,
    ) -> Result<ActivityPage, TenantActivityError> {
        membership_of(self.tenants.as_ref(), signed_in, tenant, self.mint.now()).await?;
        let wanted = filter.limit;
        let reader = &signed_in.session.user;
        let events = self.events.of_tenant(tenant, reader, &one_more(filter)).await?;
        Ok(page(events.ok_or(TenantActivityError::NotFound)?, wanted))
    }
}

/// One more than is shown tells whether there is a next page.
fn one_more(filter: EventFilter) -> EventFilter {
    EventFilter {
        limit: filter.limit.saturating_add(1),
        ..filter
    }
}

fn page(mut events: Vec<RecordedEvent>, wanted: u32) -> ActivityPage {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let more = events.len() > wanted;
    events.truncate(wanted);
    let last = events.last().filter(|_| more);
    ActivityPage {
        next: last.map(RecordedEvent::position),
        events,
    }
}

#[cfg(test)]
mod tests;
