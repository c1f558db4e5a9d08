//! Deletions that wait in `rookery_deletions`, holds in `rookery_legal_holds`, receipts in `rookery_erasures`.

mod erase;
mod hold;
mod keep;
mod receipts;
mod request;
mod stakes;
mod waiting;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{
    DeletionRequest, DeletionRequestOutcome, DeletionStore, Erasure, ErasureOutcome, ErasureReceipt, ErasureSubject,
    Keeping, TenantStake,
};
use rookery_domain::{Timestamp, TokenDigest, UserId};

use crate::Database;
use crate::transaction::Scope;

pub(crate) use erase::erase;
pub(crate) use hold::{not_held, place as hold, release, standing as hold_on};
pub(crate) use keep::{forget, keep};
pub(crate) use receipts::sweep as sweep_receipts;
pub(crate) use stakes::{STAKES_POSTGRES, STAKES_SQLITE};
pub(crate) use waiting::{pending, take_pending};

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
                erase(conn, self.0.dialect(), erasure).await
            })
            .await?;
        if let ErasureOutcome::Erased(_) = outcome {
            self.0.forget_what_was_overwritten().await;
        }
        Ok(outcome)
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
