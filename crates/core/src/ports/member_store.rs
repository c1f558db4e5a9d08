//! The members of a tenant: reading them, and changing who is what.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, Role, Roles, SearchText, TenantId, Timestamp, UserId};

use super::{PortError, Standing};
use crate::AuditEvent;

/// A member as the others see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// First name or names.
    pub given_name: Option<String>,
    /// Last name or names.
    pub family_name: Option<String>,
    /// What they may do in the tenant.
    pub roles: Vec<Role>,
    /// Since when they belong to it.
    pub joined: Timestamp,
}

impl Member {
    /// Where they stand among the others.
    #[must_use]
    pub const fn position(&self) -> MemberPosition {
        MemberPosition {
            joined: self.joined,
            user: self.user,
        }
    }
}

/// Where a member stands among the others: no two stand at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberPosition {
    /// Since when they are a member.
    pub joined: Timestamp,
    /// Who they are, among those of the same moment.
    pub user: UserId,
}

/// Which members, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFilter {
    /// Only those whose address or one of whose names begins with this, in whatever case.
    pub search: Option<SearchText>,
    /// Only those who stand behind this place, that is, who joined later.
    pub behind: Option<MemberPosition>,
    /// At most so many.
    pub limit: u32,
}

/// Who is what in a tenant changes, decided. Afterwards every step is taken and the event is written; the sessions of
/// whoever was removed are in that tenant no more. A tenant is never left without an owner, whatever other changes race
/// with this one: they come one after the other.
#[derive(Clone, Debug)]
pub struct RosterChange {
    /// In which tenant.
    pub tenant: TenantId,
    /// What the decision rests on.
    pub standings: Vec<Standing>,
    /// What changes.
    pub steps: Vec<RosterStep>,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// One member becomes something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RosterStep {
    /// They have these roles and no others.
    Assign {
        /// Who.
        user: UserId,
        /// Their roles.
        roles: Roles,
    },
    /// They are no member any more.
    Remove {
        /// Who.
        user: UserId,
    },
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterOutcome {
    /// It is as decided.
    Changed,
    /// Somebody is not what they were when it was decided; nothing was written.
    Outdated,
    /// The tenant would be without an owner; nothing was written.
    LastOwner,
}

/// Keeps the members of tenants. Tenants and people that are deleted, and memberships that have ended, are not there.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait MemberStore: Send + Sync {
    /// Members of a tenant, for one who is a member at this moment, in the order in which they joined; for nobody else is
    /// there any. Going from page to page by [`behind`](MemberFilter::behind) shows nobody twice and leaves nobody out who
    /// was there from the start.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn list(&self, tenant: &TenantId, reader: &UserId, filter: &MemberFilter) -> Result<Vec<Member>, PortError>;

    /// One member of a tenant, for one who is a member at this moment.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn find(&self, tenant: &TenantId, reader: &UserId, user: &UserId) -> Result<Option<Member>, PortError>;

    /// Changes who is what.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn change(&self, change: &RosterChange) -> Result<RosterOutcome, PortError>;
}
