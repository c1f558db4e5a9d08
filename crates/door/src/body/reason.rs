//! Why somebody of the staff does something.

use rookery_domain::{Reason, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;

pub(super) const REASON: Field = Field {
    path: "reason",
    missing: "Reason is required",
    mistyped: "Reason must be a string",
};

/// What comes with every change staff make: why.
#[derive(Deserialize, ToSchema)]
#[schema(as = Reason)]
pub struct ReasonBody {
    /// Why; kept with the entry in the log of the staff for 90 days.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 500, example = "Ticket 4711: lost their phone")]
    reason: Given<String>,
}

impl ReasonBody {
    /// The reason that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<Reason, Violations> {
        let mut violations = Violations::none();
        let text = field::required(&mut violations, &REASON, self.reason);
        let reason = text.and_then(|text| violations.keep("reason", Reason::parse(&text)));
        reason.ok_or(violations)
    }
}
