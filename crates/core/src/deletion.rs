//! Deleting an account: asked for, waited for, taken back, done.

mod decision;
mod erasure;
mod kept;
mod proof;
mod service;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{Caller, PasswordAttempt, Reason, Timestamp, UserId, Violations};
use thiserror::Error;

use crate::passing_on::{may_be_busy, may_be_throttled};
use crate::ports::{ErasureReceipt, PortError, SignedIn, TenantStake};
use crate::{FactorProof, ReauthenticationRequired, Refusal};

pub(crate) use decision::ErasureDecision;
pub use erasure::{ERASURE, ErasureFate, ErasureRule, Names, erasure_page};
pub(crate) use kept::Kept;
pub use service::DeletionService;

/// Somebody wants their account deleted.
#[derive(Clone, Debug)]
pub struct RequestDeletion {
    /// Their password. Whoever has none proves who they are [before](crate::Reauthentication).
    pub password: Option<PasswordAttempt>,
    /// Their second factor, beside the password, if they have one.
    pub factor: Option<FactorProof>,
    /// Whether tenants that nobody else stays in may be closed, and erased with the account.
    pub close_tenants: bool,
    /// Why, in their own words.
    pub reason: Option<Reason>,
    /// From where.
    pub caller: Caller,
}

/// What a deletion would mean, and how things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionOutlook {
    /// The tenants of the person, and what would become of each.
    pub tenants: Vec<TenantStake>,
    /// How long the account would wait.
    pub grace: Duration,
    /// When the account is erased, if that was asked for.
    pub scheduled: Option<Timestamp>,
    /// Whether a password is asked for.
    pub needs_password: bool,
    /// Whether a second factor is asked for beside it.
    pub needs_second_factor: bool,
}

/// The account waits for its deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeletionScheduled {
    /// When it is erased.
    pub due: Timestamp,
}

/// Why no deletion was scheduled.
#[derive(Debug, Error)]
pub enum RequestDeletionError {
    /// The session has ended meanwhile.
    #[error("not signed in")]
    NotSignedIn,
    /// What is asked for beside the wish is missing.
    #[error("something is missing: {0}")]
    Invalid(Violations),
    /// The password is another one.
    #[error("the password is incorrect")]
    WrongPassword,
    /// The second factor is another one, or was used before.
    #[error("the code is incorrect")]
    WrongCode,
    /// Somebody without a password has not proved lately who they are.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// These tenants come first: the person is the only owner among others, or they would be closed and nobody has said that
    /// they may.
    #[error("tenants would be left without an owner, or be closed")]
    SoleOwner(Vec<TenantStake>),
    /// Too many wrong proofs, here or wherever else a signed-in person is asked who they are.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(RequestDeletionError);
may_be_busy!(RequestDeletionError);

/// Why an account was not kept.
#[derive(Debug, Error)]
pub enum KeepAccountError {
    /// Unknown, used, void, expired, for another purpose: nobody can tell which.
    #[error("invalid or expired token")]
    InvalidToken,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why an erasure was not repeated.
#[derive(Debug, Error)]
pub enum OperateError {
    /// The account, or a tenant that would go with it, is on legal hold.
    #[error("the account, or a tenant that would go with it, is on legal hold")]
    Held,
    /// These tenants have other members and no other owner.
    #[error("tenants with other members would be left without an owner: {}", names(.0))]
    SoleOwner(Vec<TenantStake>),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

pub(crate) fn names(stakes: &[TenantStake]) -> String {
    let names: Vec<&str> = stakes.iter().map(|stake| stake.name.as_str()).collect();
    names.join(", ")
}

/// What a round of erasures did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Accounts whose grace was over.
    pub asked: u64,
    /// Accounts nobody ever verified.
    pub unverified: u64,
}

impl Erased {
    /// Whether there was nothing to do.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.asked == 0 && self.unverified == 0
    }
}

/// Deleting accounts.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Deletion: Send + Sync {
    /// What a deletion would mean for the person, and how things stand. Changes nothing.
    ///
    /// # Errors
    /// [`RequestDeletionError`]
    async fn outlook(&self, signed_in: &SignedIn) -> Result<DeletionOutlook, RequestDeletionError>;

    /// Has the account wait for its deletion, and ends every session, known browser and live token of the person at once.
    /// They are told by mail, with a link that keeps the account; signing in before it is erased keeps it, too. Wrong proofs
    /// are counted by the [`ProofGuard`](crate::ProofGuard).
    ///
    /// # Errors
    /// [`RequestDeletionError`]; then nothing has changed.
    async fn request(
        &self,
        signed_in: &SignedIn,
        request: RequestDeletion,
    ) -> Result<DeletionScheduled, RequestDeletionError>;

    /// Uses the mailed token up and keeps the account. Nobody is signed in by it.
    ///
    /// # Errors
    /// [`KeepAccountError`]; then nothing has changed.
    async fn keep(&self, token: &str, caller: &Caller) -> Result<(), KeepAccountError>;

    /// Erases the accounts whose grace is over, and those that nobody ever verified or used. Each is a transaction of its own;
    /// what one node does no other does again, and what a crash interrupts the next round does.
    ///
    /// # Errors
    /// The first [`PortError`]; the other accounts were tried all the same.
    async fn erase_due(&self) -> Result<Erased, PortError>;

    /// Erases again what had been erased before, after a backup has brought it back: an operator has the receipt, the database
    /// may have it no more. `None` when there is no such account.
    ///
    /// # Errors
    /// [`OperateError`]; then nothing has changed.
    async fn replay(&self, user: &UserId) -> Result<Option<ErasureReceipt>, OperateError>;

    /// The receipts of erasures, the latest first, at most so many.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn receipts(&self, most: u64) -> Result<Vec<ErasureReceipt>, PortError>;
}
