//! Accounts that are to be deleted, and those that are.

use std::collections::BTreeMap;

use async_trait::async_trait;
use rookery_domain::{Actor, EmailAddress, ErasureId, Reason, SessionId, TenantId, Timestamp, TokenDigest, UserId};

use super::{FactorUse, NewToken, OutgoingMail, PortError};
use crate::{AuditEvent, Reader};

/// What a deletion means for a tenant the person belongs to. People whose own deletion waits do not stay, and are not
/// counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StakeFate {
    /// It goes on without them.
    GoesOn,
    /// They are its only owner among others who stay: somebody else must own it first.
    NeedsOwner,
    /// Nobody else stays: it is closed with the account.
    Closes,
}

/// A tenant the person belongs to, and what would become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantStake {
    /// Which.
    pub tenant: TenantId,
    /// What it is called.
    pub name: String,
    /// How many others belong to it and stay.
    pub others: u64,
    /// What would become of it.
    pub fate: StakeFate,
}

/// A deletion that waits for its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingDeletion {
    /// When it was asked for.
    pub requested: Timestamp,
    /// When the account is erased.
    pub due: Timestamp,
    /// Tenants that were closed with it.
    pub closed: Vec<TenantId>,
}

/// A tenant is closed with the account, or opened again, and the event that says so.
#[derive(Clone, Debug)]
pub struct TenantTurn {
    /// Which.
    pub tenant: TenantId,
    /// The event.
    pub event: AuditEvent,
}

/// Somebody wants their account deleted, decided. Afterwards it waits for `due`; the tenants named are closed; every session,
/// every known browser, every sign-in under way and every live token of the person is gone, an e-mail change that waits is
/// called off, no sign-in under way succeeds; the token that keeps the account is stored, its mail queued, and the events
/// are written.
#[derive(Clone, Debug)]
pub struct DeletionRequest {
    /// Whose account.
    pub user: UserId,
    /// The live session that asks, which ends with the others.
    pub by: SessionId,
    /// The version of the credential that was proved.
    pub credential_version: i32,
    /// The second factor that was shown, to be used up.
    pub used: Option<FactorUse>,
    /// The tenants that are closed: all of those, and only those, whose fate it is at the moment of the write.
    pub closing: Vec<TenantTurn>,
    /// Why, in the person's own words.
    pub reason: Option<Reason>,
    /// When the account is erased.
    pub due: Timestamp,
    /// What keeps the account.
    pub token: NewToken,
    /// The mail that carries it.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// How a request ended. Nothing was written unless it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionRequestOutcome {
    /// The account waits for its day.
    Requested,
    /// The password that was proved is not the current one any more, or the account was shut.
    Superseded,
    /// The code was used before.
    CodeSpent,
    /// The session has ended.
    SessionEnded,
    /// What becomes of the tenants is not what it was when this was decided.
    Outdated,
}

/// An account is kept, decided. Afterwards no deletion waits, the tenants that were closed with it are open again, live tokens
/// that keep the account are void, the mail is queued and the events are written. Where none waits nothing is written.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Whose account.
    pub user: UserId,
    /// The tenants that were closed with it. Only those another program has not opened since are opened.
    pub reopening: Vec<TenantTurn>,
    /// The mail that says so.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// Whom an erasure is about, as long as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureSubject {
    /// The person.
    pub user: UserId,
    /// Where the last mail goes.
    pub email: EmailAddress,
    /// How they read.
    pub reader: Reader,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// The deletion that waits, if one was asked for.
    pub deletion: Option<PendingDeletion>,
}

/// Why an account is erased: the category a receipt keeps, and the condition that must still hold when it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasureBasis {
    /// The person asked for it, and the grace is over.
    Asked,
    /// An operator decided so, whatever waits.
    Operator,
    /// The address was never verified, and nobody has used the account since then.
    Unverified {
        /// Neither made, signed in to nor looked into since.
        unused_since: Timestamp,
    },
    /// It had been erased before, and came back with a backup.
    Replayed,
}

impl ErasureBasis {
    /// The word rows use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Operator => "operator",
            Self::Unverified { .. } => "unverified",
            Self::Replayed => "replayed",
        }
    }
}

/// An erasure, decided. Afterwards nothing that could tell the person is left but what [`ERASURE`](crate::ERASURE) keeps;
/// tenants that close with the account are gone with everything in them; the mail, if any, is queued for an address that
/// belongs to no account, and leaves no trace once it is settled; the receipt and the event are written.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// The receipt's name.
    pub id: ErasureId,
    /// Whose account.
    pub user: UserId,
    /// Why. If that does not hold any more, nothing is written.
    pub basis: ErasureBasis,
    /// Who erases.
    pub by: Actor,
    /// What counters call the person and their address.
    pub counted_as: Vec<[u8; 32]>,
    /// The last mail.
    pub mail: Option<OutgoingMail>,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// What is kept of an erasure: no personal data, but the id, which leads to nobody any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureReceipt {
    /// Its name.
    pub id: ErasureId,
    /// Whose account it was.
    pub user: UserId,
    /// Why: the word of an [`ErasureBasis`].
    pub basis: String,
    /// Who erased it.
    pub by: Actor,
    /// When it was asked for, if it was.
    pub requested: Option<Timestamp>,
    /// When it was erased.
    pub erased: Timestamp,
    /// How many rows of which table were deleted or cleared.
    pub counts: BTreeMap<String, u64>,
}

/// How an erasure ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErasureOutcome {
    /// The account is gone.
    Erased(ErasureReceipt),
    /// There is no such account, or the reason does not hold any more; nothing was written.
    NotDue,
    /// It, or a tenant that would go with it, is on legal hold; nothing was written.
    Held,
    /// These tenants would be left without an owner; nothing was written.
    NeedsOwners(Vec<TenantStake>),
}

/// Keeps deletions and receipts.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait DeletionStore: Send + Sync {
    /// What a deletion would mean for each tenant of the person, the longest-standing first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn stakes(&self, user: &UserId) -> Result<Vec<TenantStake>, PortError>;

    /// Whom an erasure would be about, unless they are gone.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn subject(&self, user: &UserId) -> Result<Option<ErasureSubject>, PortError>;

    /// Has an account wait for its deletion. Of several requests at once one counts; of the last owners of a tenant who ask
    /// at once one is told to hand it on.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn request(&self, request: &DeletionRequest) -> Result<DeletionRequestOutcome, PortError>;

    /// Uses the mailed token up that keeps an account. `false` when it was used, voided or expired before, or nothing waits;
    /// nothing was written then. Of several uses at once one counts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn keep(&self, token: &TokenDigest, keeping: &Keeping) -> Result<bool, PortError>;

    /// Accounts whose grace is over and that are not on hold, the longest due first, at most so many.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn due(&self, now: &Timestamp, most: u64) -> Result<Vec<UserId>, PortError>;

    /// Accounts with a password whose address was never verified, that nobody has made, signed in to or looked into since
    /// then, that are neither shut nor on hold nor waiting for their deletion, and whose person shares no tenant with
    /// others. The oldest first, at most so many.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn unverified(&self, unused_since: &Timestamp, most: u64) -> Result<Vec<UserId>, PortError>;

    /// Erases an account, in one transaction. On however many nodes at once, it is done once.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn erase(&self, erasure: &Erasure) -> Result<ErasureOutcome, PortError>;

    /// What has been erased, the latest first, at most so many.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn receipts(&self, most: u64) -> Result<Vec<ErasureReceipt>, PortError>;
}
