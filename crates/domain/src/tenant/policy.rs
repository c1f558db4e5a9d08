//! What a tenant asks of its members. It only ever tightens what the installation asks of everybody.

mod update;

pub use update::PolicyUpdate;

/// What a tenant asks of its members; also what the installation asks of everybody, which is the weakest there is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the columns of the shared table, each a setting of its own"
)]
pub struct TenantPolicy {
    /// Fewest characters of a password.
    pub password_min_length: usize,
    /// Ask for an upper-case letter.
    pub password_require_uppercase: bool,
    /// Ask for a digit.
    pub password_require_numbers: bool,
    /// Ask for a symbol.
    pub password_require_symbols: bool,
    /// Longest a session may live in the tenant after its person proved who they are, in hours.
    pub session_timeout_hours: u32,
    /// After so many wrong passwords in a row none counts any more on devices that are not known.
    pub max_login_attempts: u32,
    /// Ask for a second factor beside the password.
    pub two_factor_required: bool,
}

impl TenantPolicy {
    /// Fewest wrong passwords a tenant may allow: with less, a slip of the finger locks somebody out.
    pub const LEAST_LOGIN_ATTEMPTS: u32 = 3;

    /// One policy that asks for everything any of these asks for; `None` when there are none.
    #[must_use]
    pub fn strictest<'a>(policies: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        policies
            .into_iter()
            .cloned()
            .reduce(|one, other| one.tightened_by(&other))
    }

    /// This policy, with everything the other one asks for beyond it.
    #[must_use]
    pub fn tightened_by(&self, other: &Self) -> Self {
        Self {
            password_min_length: self.password_min_length.max(other.password_min_length),
            password_require_uppercase: self.password_require_uppercase || other.password_require_uppercase,
            password_require_numbers: self.password_require_numbers || other.password_require_numbers,
            password_require_symbols: self.password_require_symbols || other.password_require_symbols,
            session_timeout_hours: self.session_timeout_hours.min(other.session_timeout_hours),
            max_login_attempts: self.max_login_attempts.min(other.max_login_attempts),
            two_factor_required: self.two_factor_required || other.two_factor_required,
        }
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
            max_login_attempts: 5,
            two_factor_required: false,
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
            max_login_attempts: 3,
            ..TenantPolicy::default()
        };
        let short = TenantPolicy {
            password_require_symbols: true,
            session_timeout_hours: 2,
            two_factor_required: true,
            ..TenantPolicy::default()
        };
        let both = TenantPolicy {
            password_min_length: 14,
            password_require_symbols: true,
            session_timeout_hours: 2,
            max_login_attempts: 3,
            two_factor_required: true,
            ..TenantPolicy::default()
        };
        assert_eq!(TenantPolicy::strictest([&long, &short]).unwrap(), both);
        assert_eq!(TenantPolicy::strictest([&short, &long]).unwrap(), both);
        assert_eq!(TenantPolicy::strictest([]), None);
    }
}
