//! What a tenant asks of its members.

use rookery_core::PolicyInForce;
use rookery_domain::{TenantPolicy, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::timestamp;

/// What a tenant asks of its members, as it counts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Policy)]
pub(crate) struct PolicyView {
    #[serde(flatten)]
    #[schema(inline)]
    settings: PolicySettingsView,
    /// Since when a second factor is asked for; `null` when none is. Members have the installation's grace from then, or from
    /// when they joined.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    two_factor_required_since: Option<Timestamp>,
    /// When the tenant changed it last; `null` when it has asked for nothing yet.
    #[serde(serialize_with = "timestamp::optional_milliseconds")]
    #[schema(value_type = Option<String>, format = "date-time", required = true)]
    updated_at: Option<Timestamp>,
    /// What the installation asks of everybody: no tenant can ask for less.
    weakest: PolicySettingsView,
}

/// The settings of a policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicySettings)]
#[expect(clippy::struct_excessive_bools, reason = "the wire has them side by side")]
pub(crate) struct PolicySettingsView {
    /// Fewest characters of a password, at most 256.
    #[schema(example = 12)]
    password_min_length: usize,
    /// Whether a password needs an uppercase letter.
    password_require_uppercase: bool,
    /// Whether it needs a number.
    password_require_numbers: bool,
    /// Whether it needs a symbol.
    password_require_symbols: bool,
    /// Longest a session lives in the tenant after its person proved who they are, in hours.
    #[schema(example = 12)]
    session_timeout_hours: u32,
    /// After so many wrong passwords in a row none counts on unknown devices.
    #[schema(example = 5)]
    max_login_attempts: u32,
    /// Whether members need a second factor.
    two_factor_required: bool,
}

impl PolicyView {
    pub(crate) fn of(policy: &PolicyInForce) -> Self {
        Self {
            settings: PolicySettingsView::of(&policy.policy),
            two_factor_required_since: policy.two_factor_since,
            updated_at: policy.changed,
            weakest: PolicySettingsView::of(&policy.weakest),
        }
    }
}

impl PolicySettingsView {
    const fn of(policy: &TenantPolicy) -> Self {
        Self {
            password_min_length: policy.password_min_length,
            password_require_uppercase: policy.password_require_uppercase,
            password_require_numbers: policy.password_require_numbers,
            password_require_symbols: policy.password_require_symbols,
            session_timeout_hours: policy.session_timeout_hours,
            max_login_attempts: policy.max_login_attempts,
            two_factor_required: policy.two_factor_required,
        }
    }
}
