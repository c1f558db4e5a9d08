//! What people do with their own accounts.

use std::sync::Arc;

use rookery_core::{
    Activity, ActivityService, AddressService, Addresses, ConsentService, Consents, Deletion, DeletionService,
    ExportService, Exports, PictureService, Pictures, ProfileService, Profiles, Restoration, RestorationService,
    Sessions,
};
use rookery_domain::Documents;
use rookery_store::{
    SqlAddressStore, SqlConsentStore, SqlDeletionStore, SqlEventReader, SqlExportStore, SqlPictureStore,
    SqlProfileStore, SqlTenantStore, SqlUndoStore,
};

use super::Parts;
use crate::configuration;

impl Parts {
    /// `discreet` where nobody may learn that an address is taken.
    pub(crate) fn addresses(&self, discreet: bool) -> Arc<dyn Addresses> {
        Arc::new(AddressService {
            addresses: Arc::new(SqlAddressStore::new(self.database.clone())),
            accounts: Arc::clone(&self.accounts),
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            hasher: Arc::clone(&self.hasher),
            guard: self.guard(),
            throttle: self.throttle.clone(),
            discreet,
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn restoration(&self) -> Arc<dyn Restoration> {
        Arc::new(RestorationService {
            undos: Arc::new(SqlUndoStore::new(self.database.clone())),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn deletion(&self, deletion: configuration::Deletion) -> Arc<dyn Deletion> {
        Arc::new(DeletionService {
            deletions: Arc::new(SqlDeletionStore::new(self.database.clone())),
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            factors: Arc::clone(&self.factors),
            check: self.check.clone(),
            hasher: Arc::clone(&self.hasher),
            guard: self.guard(),
            audit: Arc::clone(&self.audit),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            grace: deletion.grace,
            unverified_expiry: deletion.unverified_expiry,
        })
    }

    pub(crate) fn profiles(&self, sessions: &Arc<dyn Sessions>) -> Arc<dyn Profiles> {
        Arc::new(ProfileService {
            sessions: Arc::clone(sessions),
            profiles: Arc::new(SqlProfileStore::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn pictures(&self) -> Arc<dyn Pictures> {
        Arc::new(PictureService {
            pictures: Arc::new(SqlPictureStore::new(self.database.clone())),
            maker: Arc::clone(&self.picture_maker),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn exports(&self) -> Arc<dyn Exports> {
        Arc::new(ExportService {
            exports: Arc::new(SqlExportStore::new(self.database.clone())),
            sealer: Arc::clone(&self.sealer),
            audit: Arc::clone(&self.audit),
            throttle: self.throttle.clone(),
            bell: Arc::new(self.export_bell.clone()),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn consents(&self, documents: &Documents) -> Arc<dyn Consents> {
        Arc::new(ConsentService {
            consents: Arc::new(SqlConsentStore::new(self.database.clone())),
            documents: documents.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn activity(&self) -> Arc<dyn Activity> {
        Arc::new(ActivityService {
            tenants: Arc::new(SqlTenantStore::new(self.database.clone())),
            events: Arc::new(SqlEventReader::new(self.database.clone())),
            mint: self.mint.clone(),
        })
    }
}
