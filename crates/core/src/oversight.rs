//! What staff see of the accounts of others, and do to them. Nobody becomes anybody else here: there is no way to act as a
//! person whose account one looks at.

mod intervention;
mod overseer;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, EmailAddress, Reason, TenantId, UserId};
use thiserror::Error;

use crate::deletion::names;
use crate::passing_on::may_be_throttled;
use crate::ports::{
    Account, AccountFile, ErasureReceipt, EventFilter, FoundTenant, OversightFilter, PortError, SignedIn, TenantFile,
    TenantStake,
};
use crate::throttling::Refusal;
use crate::{ActivityPage, Forbidden, ReauthenticationRequired};

pub use intervention::Intervention;
pub use overseer::Overseer;
pub(crate) use overseer::Record;
pub use service::OversightService;

/// Some of what a search has found, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage<T, Id> {
    /// At most as many as were asked for.
    pub found: Vec<T>,
    /// Behind which one the next page begins; `None` when this is the last one.
    pub next: Option<Id>,
}

/// Accounts that a search has found.
pub type AccountPage = FoundPage<Account, UserId>;
/// Tenants that a search has found.
pub type TenantPage = FoundPage<FoundTenant, TenantId>;

/// Whose account it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// That of this person.
    Id(UserId),
    /// That with this address.
    Address(EmailAddress),
}

/// Why somebody is not let in.
#[derive(Debug, Error)]
pub enum AdmissionError {
    /// They are no staff. They are told what is told of what is not there.
    #[error("not staff")]
    NotStaff,
    /// They have not proved that their address is theirs.
    #[error("the address must be verified first")]
    EmailNotVerified,
    /// They have no second factor.
    #[error("a second factor must be set up first")]
    SecondFactorMissing,
    /// They have one, and have not shown it in this session.
    #[error("the second factor must be shown first")]
    SecondFactorNotShown,
    /// They have proved who they are too long ago to look at the accounts of others.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why something was not shown or done. What was refused to somebody of the staff is written down, too.
#[derive(Debug, Error)]
pub enum OversightError {
    /// They are no staff any more.
    #[error("not staff")]
    NotStaff,
    /// Their role does not grant this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such account.
    #[error("no such account")]
    NoSuchAccount,
    /// There is no such tenant.
    #[error("no such tenant")]
    NoSuchTenant,
    /// Nobody does this to themselves.
    #[error("nobody does this to their own account")]
    Oneself,
    /// The account is that of somebody whose role is as high or higher.
    #[error("the account belongs to staff of the same or a higher role")]
    Protected,
    /// No mail leads into an account that is shut.
    #[error("the account is suspended")]
    Suspended,
    /// The address is verified.
    #[error("the address is verified already")]
    AlreadyVerified,
    /// What was to confirm an erasure names another account, or nothing did.
    #[error("the confirmation does not name the account")]
    NotConfirmed,
    /// Nobody is put on hold without a reason.
    #[error("a reason is needed")]
    NoReason,
    /// The account, or a tenant that would go with it, is on legal hold.
    #[error("the account, or a tenant that would go with it, is on legal hold")]
    Held,
    /// The account is not on legal hold.
    #[error("the account is not on legal hold")]
    NotHeld,
    /// These tenants have other members and no other owner.
    #[error("tenants with other members would be left without an owner: {}", names(.0))]
    NeedsOwners(Vec<TenantStake>),
    /// A change needs a fresh proof of who one is.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// Too many.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(OversightError);

/// What was done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervened {
    /// To whose.
    pub user: UserId,
    /// How many live sessions have ended by it.
    pub sessions: u64,
    /// What is kept of the erasure, if it was one.
    pub receipt: Option<ErasureReceipt>,
}

/// Looking at accounts and tenants, and helping or shutting accounts out. Every look and every change is written down before it
/// is answered, with who, whom, what, why and from where; a person reads in their own activity what was done to their account
/// and that it was looked at, but not by whom.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Oversight: Send + Sync {
    /// Lets somebody of the staff in: with a verified address, a second factor that was shown in this session, and a proof of who
    /// they are that is not older than a [working day](rookery_domain::Session::STAFF_FRESHNESS).
    ///
    /// # Errors
    /// [`AdmissionError`]
    async fn admit(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Overseer, AdmissionError>;

    /// Searches for accounts.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing is shown.
    async fn find(
        &self,
        by: &Overseer,
        filter: OversightFilter<UserId>,
        why: Option<Reason>,
    ) -> Result<AccountPage, OversightError>;

    /// Shows an account.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing is shown.
    async fn show(&self, by: &Overseer, whom: &Whom, why: Option<Reason>) -> Result<AccountFile, OversightError>;

    /// Searches for tenants.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing is shown.
    async fn find_tenants(
        &self,
        by: &Overseer,
        filter: OversightFilter<TenantId>,
        why: Option<Reason>,
    ) -> Result<TenantPage, OversightError>;

    /// Shows a tenant.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing is shown.
    async fn show_tenant(
        &self,
        by: &Overseer,
        tenant: &TenantId,
        why: Option<Reason>,
    ) -> Result<TenantFile, OversightError>;

    /// What staff did, the newest first.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing is shown.
    async fn log(
        &self,
        by: &Overseer,
        filter: EventFilter,
        why: Option<Reason>,
    ) -> Result<ActivityPage, OversightError>;

    /// Does something to an account. From a session it needs a [fresh proof](crate::require_fresh); the doors see to it that there
    /// is a reason, but where an older command has none.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing has changed.
    async fn intervene(
        &self,
        by: &Overseer,
        whom: &Whom,
        what: Intervention,
        why: Option<Reason>,
    ) -> Result<Intervened, OversightError>;

    /// Erases an account at once, whatever waits. Tenants that nobody else stays in go with it. Whoever wants it names the account
    /// once more, by its address or id.
    ///
    /// # Errors
    /// [`OversightError`]; then nothing has changed.
    async fn erase(
        &self,
        by: &Overseer,
        whom: &Whom,
        confirmation: &Whom,
        why: Option<Reason>,
    ) -> Result<Intervened, OversightError>;
}
