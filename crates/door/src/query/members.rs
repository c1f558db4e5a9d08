//! Which members are asked for.

use rookery_core::ports::MemberFilter;
use rookery_domain::{SearchText, Violations};

use super::Query;
use super::cursor::member_place_of;
use crate::problem::Problem;

/// Members on a page when the client does not say, and at most.
const PAGE: (u32, u32) = (25, 100);

/// What the query asks for, or everything that is wrong with it. A search for nothing is none.
///
/// # Errors
/// [`Problem::Validation`]
pub fn member_filter(query: &Query<'_>) -> Result<MemberFilter, Problem> {
    let mut violations = Violations::none();
    let search = query
        .one(&mut violations, "search")
        .filter(|text| !text.trim().is_empty())
        .and_then(|text| violations.keep("search", SearchText::parse(text)));
    let behind = query
        .one(&mut violations, "cursor")
        .and_then(|cursor| violations.keep("cursor", member_place_of(cursor).ok_or("Cursor is not valid")));
    let limit = query.limit(&mut violations, PAGE);
    violations.into_result()?;
    Ok(MemberFilter { search, behind, limit })
}
