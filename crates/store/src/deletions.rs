//! Deletions that wait in `rookery_deletions`, holds in `rookery_legal_holds`, receipts in `rookery_erasures`.

mod erase;
mod hold;
mod keep;
mod receipts;
mod request;
mod stakes;
mod waiting;

use async_trait::async_trait;
use rookery_core::ports::{
    DeletionRequest, DeletionRequestOutcome, DeletionStore, Erasure, ErasureOutcome, ErasureReceipt, ErasureSubject,
    HoldPlacement, Keeping, TenantStake,
};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{Timestamp, TokenDigest, UserId};

use crate::Database;
use crate::transaction::{Ending, Scope};

pub(crate) use hold::not_held;
pub(crate) use keep::{forget, keep};
pub(crate) use receipts::sweep as sweep_receipts;
pub(crate) use stakes::{STAKES_POSTGRES, STAKES_SQLITE};
pub(crate) use waiting::take_pending;

/// [`DeletionStore`] on a [`Database`]. All of it works in the service's scope, for what it changes is not the person's alone.
#[derive(Clone, Debug)]
pub struct SqlDeletionStore(Database);

impl SqlDeletionStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl DeletionStore for SqlDeletionStore {
    async fn stakes(&self, user: &UserId) -> Result<Vec<TenantStake>, PortError> {
        let user = *user;
        self.0
            .reading("deletions.stakes", Scope::Service, |conn| async move {
                let conn = &*conn;
                stakes::read(conn, self.0.dialect(), user).await
            })
            .await
    }

    async fn subject(&self, user: &UserId) -> Result<Option<ErasureSubject>, PortError> {
        let user = *user;
        self.0
            .reading("deletions.subject", Scope::Service, |conn| async move {
                let conn = &*conn;
                waiting::subject(conn, user).await
            })
            .await
    }

    async fn request(&self, request: &DeletionRequest) -> Result<DeletionRequestOutcome, PortError> {
        self.0
            .atomically("deletions.request", Scope::Service, |conn| async move {
                let conn = &*conn;
                request::request(conn, self.0.dialect(), request).await
            })
            .await
    }

    async fn keep(&self, token: &TokenDigest, keeping: &Keeping) -> Result<bool, PortError> {
        self.0
            .atomically("deletions.keep", Scope::Service, |conn| async move {
                let conn = &*conn;
                keep::keep_by_token(conn, token, keeping).await
            })
            .await
    }

    async fn due(&self, now: &Timestamp, most: u64) -> Result<Vec<UserId>, PortError> {
        let now = *now;
        self.0
            .reading("deletions.due", Scope::Service, |conn| async move {
                let conn = &*conn;
                waiting::due(conn, now, most).await
            })
            .await
    }

    async fn unverified(&self, unused_since: &Timestamp, most: u64) -> Result<Vec<UserId>, PortError> {
        let unused_since = *unused_since;
        self.0
            .reading("deletions.unverified", Scope::Service, |conn| async move {
                let conn = &*conn;
                waiting::unverified(conn, unused_since, most).await
            })
            .await
    }

    async fn erase(&self, erasure: &Erasure) -> Result<ErasureOutcome, PortError> {
        let outcome = self
            .0
            .atomically("deletions.erase", Scope::Service, |conn| async move {
                let conn = &*conn;
                erase::erase(conn, self.0.dialect(), erasure).await
            })
            .await?;
        if let ErasureOutcome::Erased(_) = outcome {
            self.0.forget_what_was_overwritten().await;
        }
        Ok(outcome)
    }

    async fn hold(&self, placement: &HoldPlacement) -> Result<bool, PortError> {
        self.0
            .atomically("deletions.hold", Scope::Service, |conn| async move {
                let conn = &*conn;
                hold::place(conn, placement).await
            })
            .await
    }

    async fn release(&self, user: &UserId, event: &AuditEvent) -> Result<bool, PortError> {
        let user = *user;
        self.0
            .atomically("deletions.release", Scope::Service, |conn| async move {
                let conn = &*conn;
                if hold::release(conn, user, event).await? {
                    Ok(Ending::Commit(true))
                } else {
                    Ok(Ending::RollBack(false))
                }
            })
            .await
    }

    async fn receipts(&self, most: u64) -> Result<Vec<ErasureReceipt>, PortError> {
        self.0
            .reading("deletions.receipts", Scope::Service, |conn| async move {
                let conn = &*conn;
                receipts::list(conn, most).await
            })
            .await
    }
}
