//! What staff see of accounts and tenants, and do to accounts.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, Membership, Reason, SearchText, StaffRole, TenantId, Timestamp, UserId};

use super::{
    Account, Erasure, ErasureReceipt, EventFilter, ListedSession, Member, NewToken, OutgoingMail, PendingDeletion,
    PortError, RecordedEvent, TenantStake,
};
use crate::AuditEvent;

/// What somebody of the staff was when it was decided that they may. If they are something else by the time of the look or the
/// write, there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffStanding {
    /// Who.
    pub user: UserId,
    /// What they were.
    pub role: StaffRole,
}

/// Somebody looks. What is seen and that it was seen commit together: a look that cannot be written down shows nothing.
#[derive(Clone, Debug)]
pub struct Look {
    /// What the decision rests on; nothing at the command line.
    pub by: Option<StaffStanding>,
    /// The event in the log of the staff.
    pub record: AuditEvent,
}

/// Whom or what a search is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted<Id> {
    /// The one with this id.
    Id(Id),
    /// Those that begin so, in whatever case: address or name of a person, name of a tenant. A whole address finds the one who
    /// has it, alone.
    Beginning(SearchText),
}

/// Which people or tenants, and how many of them: the newest first, which is the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OversightFilter<Id> {
    /// Those wanted; all of them without.
    pub wanted: Option<Wanted<Id>>,
    /// Only what stands behind this one.
    pub behind: Option<Id>,
    /// At most so many.
    pub limit: u32,
}

/// An account as staff see it. It opens nothing: no token, digest, hash or secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFile {
    /// Who, and in what state.
    pub account: Account,
    /// What they are among the staff.
    pub staff: Option<StaffRole>,
    /// Since when sign-ins ask for an authenticator app.
    pub authenticator: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
    /// Until when signing in from unknown devices is locked.
    pub locked_until: Option<Timestamp>,
    /// The deletion that waits, if one was asked for.
    pub deletion: Option<PendingDeletion>,
    /// Why it may not be erased, if it may not.
    pub hold: Option<LegalHold>,
    /// The tenants they belong to, the longest-standing first.
    pub memberships: Vec<Membership>,
    /// Their live sessions, the last used first.
    pub sessions: Vec<ListedSession>,
    /// What happened to the account lately, the newest first.
    pub events: Vec<RecordedEvent>,
}

impl AccountFile {
    /// How many events there are in a file at most.
    pub const EVENTS: u32 = 20;
}

/// An account may not be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    /// Since when.
    pub since: Timestamp,
    /// Why. For staff alone.
    pub reason: Reason,
}

/// A tenant as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundTenant {
    /// Which.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// How many belong to it.
    pub members: u64,
}

/// A tenant with those who have belonged to it longest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantFile {
    /// The tenant.
    pub tenant: FoundTenant,
    /// Members, in the order in which they joined.
    pub members: Vec<Member>,
}

impl TenantFile {
    /// How many members there are in a file at most.
    pub const MEMBERS: u32 = 50;
}

/// What became of a look at one account or tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen<T> {
    /// It is this, and the look is written down.
    There(T),
    /// There is none; nothing was written.
    NotThere,
    /// Whoever looks is not what they were; nothing was written.
    Outdated,
}

/// What is done to an account.
#[derive(Clone, Debug)]
pub enum InterventionStep {
    /// Every sign-in is refused, also those under way, and every session ends.
    Suspend,
    /// Signing in works again; sessions stay ended.
    Restore,
    /// Every session ends.
    EndSessions,
    /// A mail with a token goes out. A reset token voids older ones.
    Mail(Box<NewToken>),
    /// It is not erased, and nothing of it swept away; one that is held gets the new reason.
    Hold(Reason),
    /// It may be erased again.
    Release,
    /// It is erased, as [`DeletionStore::erase`](super::DeletionStore::erase) does it.
    Erase(Box<Erasure>),
}

/// Staff do something to an account, decided. Afterwards the step is taken and both events are written, that of the staff and the
/// one the person reads, and the mail, if any, is queued. A step that changes nothing, such as shutting what is shut, writes the
/// event of the staff alone.
#[derive(Clone, Debug)]
pub struct AccountIntervention {
    /// To whom.
    pub whom: UserId,
    /// What the decision rests on; nothing at the command line.
    pub by: Option<StaffStanding>,
    /// What the person was among the staff when it was decided.
    pub target_role: Option<StaffRole>,
    /// What.
    pub step: InterventionStep,
    /// The mail that goes with it.
    pub mail: Option<OutgoingMail>,
    /// The event in the log of the staff.
    pub record: AuditEvent,
    /// The event among what happened to the account; an erasure has its own.
    pub told: Option<AuditEvent>,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InterventionOutcome {
    /// It is as decided.
    Done {
        /// How many live sessions have ended by it.
        sessions: u64,
        /// Whether anything is other than it was.
        changed: bool,
    },
    /// The account is gone.
    Erased(ErasureReceipt),
    /// It, or a tenant that would go with it, is on legal hold; nothing was written.
    Held,
    /// It is not on legal hold; nothing was written.
    NotHeld,
    /// These tenants would be left without an owner; nothing was written.
    NeedsOwners(Vec<TenantStake>),
    /// There is no such person any more; nothing was written.
    NoSuchPerson,
    /// Somebody is not what they were when it was decided; nothing was written.
    Outdated,
}

/// Shows accounts and tenants to staff, and changes accounts for them. Those that are deleted are not there.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait OversightStore: Send + Sync {
    /// Accounts. `None` when whoever looks is not what they were; nothing was written then.
    ///
    /// # Errors
    /// [`PortError`] when the look could not be written down, or a row makes no sense.
    async fn find(&self, look: &Look, filter: &OversightFilter<UserId>) -> Result<Option<Vec<Account>>, PortError>;

    /// One account; `told` is written beside, for its owner to read.
    ///
    /// # Errors
    /// [`PortError`] when the look could not be written down, or a row makes no sense.
    async fn open(&self, look: &Look, user: &UserId, told: &AuditEvent) -> Result<Seen<AccountFile>, PortError>;

    /// Tenants. `None` as above.
    ///
    /// # Errors
    /// [`PortError`] when the look could not be written down, or a row makes no sense.
    async fn find_tenants(
        &self,
        look: &Look,
        filter: &OversightFilter<TenantId>,
    ) -> Result<Option<Vec<FoundTenant>>, PortError>;

    /// One tenant.
    ///
    /// # Errors
    /// [`PortError`] when the look could not be written down, or a row makes no sense.
    async fn open_tenant(&self, look: &Look, tenant: &TenantId) -> Result<Seen<TenantFile>, PortError>;

    /// What staff did, the newest first, without this look. `None` as above.
    ///
    /// # Errors
    /// [`PortError`] when the look could not be written down, or a row makes no sense.
    async fn log(&self, look: &Look, filter: &EventFilter) -> Result<Option<Vec<RecordedEvent>>, PortError>;

    /// Who has this address. Tells nothing else, so that nothing has been looked at yet.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn holder_of(&self, email: &EmailAddress) -> Result<Option<UserId>, PortError>;

    /// Does something to an account.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn intervene(&self, intervention: &AccountIntervention) -> Result<InterventionOutcome, PortError>;
}
