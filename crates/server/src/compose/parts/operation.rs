//! What operators and staff do.

use std::sync::Arc;

use rookery_core::{
    Administration, AdministrationService, HealthCheck, HealthService, Oversight, OversightService, Registration,
    Staff, StaffService, WebhookService, Webhooks,
};
use rookery_store::{SqlHeartbeat, SqlOversightStore, SqlStaffStore, SqlWebhookStore};

use super::Parts;

impl Parts {
    pub(crate) fn health(&self) -> Arc<dyn HealthCheck> {
        let heartbeat = Arc::new(SqlHeartbeat::new(self.database.clone()));
        Arc::new(HealthService::start(heartbeat, Arc::clone(&self.clock)))
    }

    pub(crate) fn administration(
        &self,
        registration: &Arc<dyn Registration>,
        oversight: &Arc<dyn Oversight>,
    ) -> Arc<dyn Administration> {
        Arc::new(AdministrationService {
            registration: Arc::clone(registration),
            accounts: Arc::clone(&self.accounts),
            oversight: Arc::clone(oversight),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn staff(&self) -> Arc<dyn Staff> {
        Arc::new(StaffService {
            accounts: Arc::clone(&self.accounts),
            staff: Arc::new(SqlStaffStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn oversight(&self) -> Arc<dyn Oversight> {
        Arc::new(OversightService {
            staff: Arc::new(SqlStaffStore::new(self.database.clone())),
            oversight: Arc::new(SqlOversightStore::new(self.database.clone())),
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn webhooks(&self) -> Arc<dyn Webhooks> {
        Arc::new(WebhookService {
            store: Arc::new(SqlWebhookStore::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            sender: Arc::clone(&self.webhook_sender),
            mint: self.mint.clone(),
        })
    }
}
