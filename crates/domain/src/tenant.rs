//! The organisations people belong to.

mod roles;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::Timestamp;
use crate::id::TenantId;

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
}

/// What a tenant asks of its members beyond the installation's own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantPolicy {
    /// Fewest characters of a password.
    pub password_min_length: usize,
    /// Ask for an upper-case letter.
    pub password_require_uppercase: bool,
    /// Ask for a digit.
    pub password_require_numbers: bool,
    /// Ask for a symbol.
    pub password_require_symbols: bool,
    /// Longest a session may live, in hours.
    pub session_timeout_hours: u32,
}

impl TenantPolicy {
    /// One policy that asks for everything any of these asks for; `None` when there are none.
    #[must_use]
    pub fn strictest<'a>(policies: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        policies.into_iter().cloned().reduce(|one, other| Self {
            password_min_length: one.password_min_length.max(other.password_min_length),
            password_require_uppercase: one.password_require_uppercase || other.password_require_uppercase,
            password_require_numbers: one.password_require_numbers || other.password_require_numbers,
            password_require_symbols: one.password_require_symbols || other.password_require_symbols,
            session_timeout_hours: one.session_timeout_hours.min(other.session_timeout_hours),
        })
    }
}

/// The column defaults of `tenant_policies`.
impl Default for TenantPolicy {
    fn default() -> Self {
        Self {
            password_min_length: 8,
            password_require_uppercase: false,
            password_require_numbers: false,
            password_require_symbols: false,
            session_timeout_hours: 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_of_several_policies_asks_for_everything() {
        let long = TenantPolicy {
            password_min_length: 14,
            session_timeout_hours: 24,
            ..TenantPolicy::default()
        };
        let short = TenantPolicy {
            password_require_symbols: true,
            session_timeout_hours: 2,
            ..TenantPolicy::default()
        };
        let strictest = TenantPolicy::strictest([&long, &short]).unwrap();
        assert_eq!(
            (strictest.password_min_length, strictest.session_timeout_hours),
            (14, 2)
        );
        assert!(strictest.password_require_symbols && !strictest.password_require_uppercase);
        assert_eq!(TenantPolicy::strictest([]), None);
    }

    #[test]
    fn every_role_prints_and_parses_back() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }
}
