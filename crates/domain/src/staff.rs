//! The people who run the service, with accounts of their own.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What somebody of the staff is. These roles have nothing to do with those in a tenant: neither grants anything of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffRole {
    /// Looks, and changes nothing.
    Auditor,
    /// Helps people back into their accounts.
    Support,
    /// Shuts accounts and opens them again.
    Operator,
}

/// A word that names no role.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("Role must be auditor, support, or operator")]
pub struct UnknownStaffRole;

impl StaffRole {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Auditor, Self::Support, Self::Operator];

    /// The word rows and the wire use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Support => "support",
            Self::Operator => "operator",
        }
    }
}

impl FromStr for StaffRole {
    type Err = UnknownStaffRole;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
            .ok_or(UnknownStaffRole)
    }
}

impl fmt::Display for StaffRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_word_of_its_own_that_reads_back() {
        for role in StaffRole::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!("owner".parse::<StaffRole>(), Err(UnknownStaffRole));
    }

    #[test]
    fn an_operator_is_more_than_support_and_support_more_than_an_auditor() {
        assert!(StaffRole::ALL.is_sorted());
    }
}
