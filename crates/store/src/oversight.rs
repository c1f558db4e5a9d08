//! What staff see of accounts and tenants, and do to accounts. All of it works in the service's scope, each time for one
//! transaction: the look and the event that tells of it commit together.

mod accounts;
mod intervening;
mod tenants;

use async_trait::async_trait;
use rookery_core::ports::{
    Account, AccountFile, AccountIntervention, EventFilter, FoundTenant, InterventionOutcome, Look, OversightFilter,
    OversightStore, RecordedEvent, Seen, TenantFile,
};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{EmailAddress, TenantId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{DatabaseTransaction, Value};

use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, event_reader, staff};

pub(crate) use tenants::{FIRST_MEMBERS_POSTGRES, FIRST_MEMBERS_SQLITE};

/// [`OversightStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlOversightStore(Database);

impl SqlOversightStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl OversightStore for SqlOversightStore {
    async fn find(&self, look: &Look, filter: &OversightFilter<UserId>) -> Result<Option<Vec<Account>>, PortError> {
        self.0
            .atomically("oversight.find", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !staff::is_as_decided(conn, look.by).await? {
                    return Ok(Ending::RollBack(None));
                }
                let found = accounts::find(conn, filter).await?;
                written_down(conn, look, Some(found)).await
            })
            .await
    }

    async fn open(&self, look: &Look, user: &UserId, told: &AuditEvent) -> Result<Seen<AccountFile>, PortError> {
        let user = *user;
        self.0
            .atomically("oversight.open", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !staff::is_as_decided(conn, look.by).await? {
                    return Ok(Ending::RollBack(Seen::Outdated));
                }
                let dialect = self.0.dialect();
                let Some(file) = accounts::file(conn, dialect, user, look.record.at).await? else {
                    return Ok(Ending::RollBack(Seen::NotThere));
                };
                audit_log::append(conn, told).await?;
                written_down(conn, look, Seen::There(file)).await
            })
            .await
    }

    async fn find_tenants(
        &self,
        look: &Look,
        filter: &OversightFilter<TenantId>,
    ) -> Result<Option<Vec<FoundTenant>>, PortError> {
        self.0
            .atomically("oversight.find_tenants", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !staff::is_as_decided(conn, look.by).await? {
                    return Ok(Ending::RollBack(None));
                }
                let found = tenants::find(conn, filter).await?;
                written_down(conn, look, Some(found)).await
            })
            .await
    }

    async fn open_tenant(&self, look: &Look, tenant: &TenantId) -> Result<Seen<TenantFile>, PortError> {
        let tenant = *tenant;
        self.0
            .atomically("oversight.open_tenant", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !staff::is_as_decided(conn, look.by).await? {
                    return Ok(Ending::RollBack(Seen::Outdated));
                }
                let Some(file) = tenants::file(conn, self.0.dialect(), tenant).await? else {
                    return Ok(Ending::RollBack(Seen::NotThere));
                };
                written_down(conn, look, Seen::There(file)).await
            })
            .await
    }

    async fn log(&self, look: &Look, filter: &EventFilter) -> Result<Option<Vec<RecordedEvent>>, PortError> {
        self.0
            .atomically("oversight.log", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !staff::is_as_decided(conn, look.by).await? {
                    return Ok(Ending::RollBack(None));
                }
                let events = event_reader::read(conn, of_staff(), filter).await?;
                written_down(conn, look, Some(events)).await
            })
            .await
    }

    async fn holder_of(&self, email: &EmailAddress) -> Result<Option<UserId>, PortError> {
        self.0
            .reading("oversight.holder_of", Scope::Service, |conn| async move {
                let conn = &*conn;
                accounts::holder_of(conn, email).await
            })
            .await
    }

    async fn intervene(&self, intervention: &AccountIntervention) -> Result<InterventionOutcome, PortError> {
        let outcome = self
            .0
            .atomically("oversight.intervene", Scope::Service, |conn| async move {
                let conn = &*conn;
                intervening::intervene(conn, self.0.dialect(), intervention).await
            })
            .await?;
        if let InterventionOutcome::Erased(_) = outcome {
            self.0.forget_what_was_overwritten().await;
        }
        Ok(outcome)
    }
}

/// What was seen, with the event of the look, or neither.
async fn written_down<T>(conn: &DatabaseTransaction, look: &Look, seen: T) -> Result<Ending<T>, Failure> {
    audit_log::append(conn, &look.record).await?;
    Ok(Ending::Commit(seen))
}

/// The log of the staff, in the very words of its index.
fn of_staff() -> Expr {
    Expr::cust("substr(action, 1, 6) = 'staff.'")
}

/// What begins so, as `LIKE` takes it in small letters and as it was written, then the id behind which the page begins, and how many:
/// the values of a search.
fn values_of<Id: Copy>(
    filter: &OversightFilter<Id>,
    text: Option<&rookery_domain::SearchText>,
    behind: Option<uuid::Uuid>,
) -> [Value; 6] {
    let [lower, as_written, capitalised, upper] = crate::roster::Patterns::of(text).into_values();
    [
        lower,
        as_written,
        capitalised,
        upper,
        behind.unwrap_or(uuid::Uuid::max()).into(),
        i64::from(filter.limit).into(),
    ]
}
