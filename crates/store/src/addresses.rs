//! Addresses in `users`, and the changes of them that wait in `rookery_credentials`.

mod change;
mod look_up;

use async_trait::async_trait;
use rookery_core::ports::{
    AddressStore, EmailChange, EmailChangeOutcome, EmailChangeRequest, EmailChangeRequestOutcome, PendingEmailChange,
};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{EmailAddress, Timestamp, TokenDigest, TokenPurpose, UserId};

use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, credentials, people, tokens};

/// [`AddressStore`] on a [`Database`]. All of it but the cancelling works in the service's scope: it asks for other
/// people's addresses, or whoever shows a token is not known yet.
#[derive(Clone, Debug)]
pub struct SqlAddressStore(Database);

impl SqlAddressStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl AddressStore for SqlAddressStore {
    async fn is_taken(&self, email: &EmailAddress, user: &UserId, now: &Timestamp) -> Result<bool, PortError> {
        let (user, now) = (*user, *now);
        self.0
            .reading("addresses.is_taken", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::is_taken(conn, email, user, now).await
            })
            .await
    }

    async fn request(&self, request: &EmailChangeRequest) -> Result<EmailChangeRequestOutcome, PortError> {
        self.0
            .atomically("addresses.request", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::request(conn, request).await
            })
            .await
    }

    async fn find(&self, digest: &TokenDigest) -> Result<Option<PendingEmailChange>, PortError> {
        self.0
            .reading("addresses.find", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::pending(conn, digest).await
            })
            .await
    }

    async fn confirm(&self, change: &EmailChange) -> Result<EmailChangeOutcome, PortError> {
        self.0
            .atomically("addresses.confirm", Scope::Service, |conn| async move {
                let conn = &*conn;
                change::confirm(conn, change).await
            })
            .await
    }

    async fn cancel(&self, user: &UserId, event: &AuditEvent) -> Result<bool, PortError> {
        let user = *user;
        self.0
            .atomically("addresses.cancel", Scope::User(user), |conn| async move {
                let conn = &*conn;
                people::lock(conn, user).await?;
                if !credentials::forget_wish(conn, user).await? {
                    return Ok(Ending::RollBack(false));
                }
                tokens::void(conn, user, Some(TokenPurpose::EmailChange), event.at).await?;
                audit_log::append(conn, event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }
}
