//! The body that changes what a tenant asks of its members.

use rookery_domain::{PolicyUpdate, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::given::{Given, Scalar};

/// `PATCH /api/tenants/{tenantId}/policy`: what is to change. What is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicyUpdate)]
pub struct PolicyBody {
    /// Fewest characters of a password: at least what the installation asks for, at most 256.
    #[serde(default)]
    #[schema(value_type = Option<u32>, nullable = false, minimum = 1, maximum = 256, example = 12)]
    password_min_length: Given<u64>,
    /// Whether a password needs an uppercase letter.
    #[serde(default)]
    #[schema(value_type = Option<bool>, nullable = false)]
    password_require_uppercase: Given<bool>,
    /// Whether it needs a number.
    #[serde(default)]
    #[schema(value_type = Option<bool>, nullable = false)]
    password_require_numbers: Given<bool>,
    /// Whether it needs a symbol.
    #[serde(default)]
    #[schema(value_type = Option<bool>, nullable = false)]
    password_require_symbols: Given<bool>,
    /// Longest a session lives in the tenant after its person proved who they are, in hours: at most as long as the
    /// installation lets any session live.
    #[serde(default)]
    #[schema(value_type = Option<u32>, nullable = false, minimum = 1, example = 12)]
    session_timeout_hours: Given<u64>,
    /// After so many wrong passwords in a row none counts on unknown devices: at least 3, at most what the installation
    /// allows.
    #[serde(default)]
    #[schema(value_type = Option<u32>, nullable = false, minimum = 3, example = 3)]
    max_login_attempts: Given<u64>,
    /// Whether members need a second factor.
    #[serde(default)]
    #[schema(value_type = Option<bool>, nullable = false)]
    two_factor_required: Given<bool>,
}

impl PolicyBody {
    /// The change that is meant, or what is wrong with it. How far it may go is not known here.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<PolicyUpdate, Violations> {
        let mut violations = Violations::none();
        let mut number = |given, path, name| {
            taken(&mut violations, given, path, || {
                format!("{name} must be a whole number")
            })
        };
        let password_min_length = number(self.password_min_length, "passwordMinLength", "Minimum password length");
        let session_timeout_hours = number(self.session_timeout_hours, "sessionTimeoutHours", "Session timeout");
        let max_login_attempts = number(self.max_login_attempts, "maxLoginAttempts", "Maximum login attempts");
        let mut switch = |given, path| taken(&mut violations, given, path, || "Must be true or false".to_owned());
        let update = PolicyUpdate {
            password_min_length,
            password_require_uppercase: switch(self.password_require_uppercase, "passwordRequireUppercase"),
            password_require_numbers: switch(self.password_require_numbers, "passwordRequireNumbers"),
            password_require_symbols: switch(self.password_require_symbols, "passwordRequireSymbols"),
            session_timeout_hours,
            max_login_attempts,
            two_factor_required: switch(self.two_factor_required, "twoFactorRequired"),
        };
        violations.into_result().map(|()| update)
    }
}

/// The value, if there is one. `null` is none: there is nothing to take a setting away to.
fn taken<T: Scalar>(
    violations: &mut Violations,
    given: Given<T>,
    path: &'static str,
    sentence: impl FnOnce() -> String,
) -> Option<T> {
    match given {
        Given::Value(value) => Some(value),
        Given::Absent => None,
        Given::Null | Given::Mistyped => {
            violations.field(path, sentence());
            None
        }
    }
}
