//! Which invitations are asked for.

use rookery_core::ports::InvitationFilter;
use rookery_domain::{InvitationState, Violations};

use super::Query;
use super::cursor::invitation_place_of;
use crate::problem::Problem;

/// Invitations on a page when the client does not say, and at most.
const PAGE: (u32, u32) = (25, 100);

/// What the query asks for, or everything that is wrong with it.
///
/// # Errors
/// [`Problem::Validation`]
pub fn invitation_filter(query: &Query<'_>) -> Result<InvitationFilter, Problem> {
    let mut violations = Violations::none();
    let state = query.one(&mut violations, "state").and_then(|word| {
        // That one is void is what others may no longer do, and no state that is asked for.
        let state = InvitationState::from_word(word).filter(|state| *state != InvitationState::Void);
        violations.keep(
            "state",
            state.ok_or("State must be pending, expired, accepted, declined, or revoked"),
        )
    });
    let behind = query
        .one(&mut violations, "cursor")
        .and_then(|cursor| violations.keep("cursor", invitation_place_of(cursor).ok_or("Cursor is not valid")));
    let limit = query.limit(&mut violations, PAGE);
    violations.into_result()?;
    Ok(InvitationFilter { state, behind, limit })
}
