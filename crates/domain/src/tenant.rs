//! The organisations people belong to.

mod policy;
mod roles;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::Timestamp;
use crate::id::TenantId;
use crate::session::{Session, end_within};

pub use policy::{PolicyUpdate, TenantPolicy};
pub use roles::{NoRole, Roles};

/// What a member may do in a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything, and answers for the tenant. A tenant is never without one.
    Owner,
    /// Manages people and settings.
    Admin,
    /// Works in it.
    Member,
    /// Looks at it.
    Viewer,
}

/// A word that names no role.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Role must be owner, admin, member, or viewer")]
pub struct UnknownRole;

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Viewer];

    /// The word rows and the wire use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
            .ok_or(UnknownRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A tenant, as a session shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantSummary {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// What the signed-in person may do in it.
    pub roles: Vec<Role>,
}

/// A tenant as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The tenant, and what the member may do in it.
    pub tenant: TenantSummary,
    /// When the tenant was made.
    pub created: Timestamp,
    /// Since when they belong to it.
    pub joined: Timestamp,
    /// How many hours after their last proof of who they are people may work in it; `None` where it does not say.
    pub timeout_hours: Option<u32>,
}

impl Membership {
    /// Whether somebody may work in the tenant from this session, in whichever tenant it is: a request names a tenant by its path, so
    /// a session elsewhere must be no way around the tenant's hours.
    #[must_use]
    pub fn is_open_to(&self, session: &Session, now: Timestamp) -> bool {
        self.timeout_hours
            .is_none_or(|hours| now < end_within(session.expires, session.authenticated, hours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_prints_and_parses_back() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }
}
