//! `POST /api/admin/users/{id}/erase`

use rookery_core::Whom;
use rookery_domain::{EmailAddress, Reason, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;
use super::reason::REASON;

const CONFIRMATION: Field = Field {
    path: "confirmation",
    missing: "Confirmation is required",
    mistyped: "Confirmation must be a string",
};

/// Staff want an account erased.
#[derive(Deserialize, ToSchema)]
#[schema(as = EraseUser)]
pub struct EraseBody {
    /// Why; kept with the entry in the log of the staff for 90 days.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 500, example = "Case 12: asked for by letter")]
    reason: Given<String>,
    /// The account once more: its address, in whatever case, or its id.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "0199d2f0-7c00-7000-8000-000000000001")]
    confirmation: Given<String>,
}

impl EraseBody {
    /// What confirms it, and the reason; or everything that is wrong with them.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<(Whom, Reason), Violations> {
        let mut violations = Violations::none();
        let reason = field::required(&mut violations, &REASON, self.reason);
        let reason = reason.and_then(|text| violations.keep("reason", Reason::parse(&text)));
        let confirmation = field::required(&mut violations, &CONFIRMATION, self.confirmation);
        let confirmation = confirmation.and_then(|text| {
            let named = whom(text.trim());
            if named.is_none() {
                violations.field("confirmation", "Confirmation must be the account's address or id");
            }
            named
        });
        match (confirmation, reason) {
            (Some(confirmation), Some(reason)) => Ok((confirmation, reason)),
            _ => Err(violations),
        }
    }
}

fn whom(text: &str) -> Option<Whom> {
    let by_id = text.parse().map(Whom::Id);
    by_id.ok().or_else(|| EmailAddress::parse(text).map(Whom::Address).ok())
}
