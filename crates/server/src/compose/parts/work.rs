//! What the workers do.

use std::sync::Arc;

use rookery_archive::ZipArchivist;
use rookery_core::{
    Delivery, DeliveryService, EventDelivery, EventDeliveryService, ExportMaking, ExportMakingService, Housekeeping,
    HousekeepingService,
};
use rookery_store::{SqlEventOutbox, SqlExportStore, SqlHousekeepingStore, SqlOutbox, SqlPersonalRecords};

use super::Parts;

impl Parts {
    pub(crate) fn delivery(&self) -> Arc<dyn Delivery> {
        Arc::new(DeliveryService {
            outbox: Arc::new(SqlOutbox::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            mailer: Arc::clone(&self.mailer),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn event_delivery(&self) -> Arc<dyn EventDelivery> {
        Arc::new(EventDeliveryService {
            outbox: Arc::new(SqlEventOutbox::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            sender: Arc::clone(&self.webhook_sender),
            mint: self.mint.clone(),
            holder: self.mint.worker_id(self.mint.now()),
        })
    }

    pub(crate) fn export_making(&self) -> Arc<dyn ExportMaking> {
        Arc::new(ExportMakingService {
            exports: Arc::new(SqlExportStore::new(self.database.clone())),
            records: Arc::new(SqlPersonalRecords::new(self.database.clone())),
            archivist: Arc::new(ZipArchivist::new(Arc::clone(&self.words), self.policy.product.clone())),
            sealer: Arc::clone(&self.sealer),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn housekeeping(&self) -> Arc<dyn Housekeeping> {
        Arc::new(HousekeepingService {
            store: Arc::new(SqlHousekeepingStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }
}
