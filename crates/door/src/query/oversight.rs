//! Which accounts, tenants or entries staff ask for, and why.

use std::fmt::Display;
use std::str::FromStr;

use super::activity::event_filter;
use super::{Format, Query};
use crate::problem::Problem;
use rookery_core::ports::{EventFilter, OversightFilter, Wanted};
use rookery_domain::{Reason, SearchText, Violations};

/// People or tenants on a page when the client does not say, and at most.
const PAGE: (u32, u32) = (25, 100);

/// What the query asks for and why, or everything that is wrong with it. A search for nothing finds all.
///
/// # Errors
/// [`Problem::Validation`]
pub fn oversight_filter<Id: FromStr + Display>(
    query: &Query<'_>,
) -> Result<(OversightFilter<Id>, Option<Reason>), Problem> {
    let mut violations = Violations::none();
    let wanted = query
        .one(&mut violations, "query")
        .filter(|text| !text.trim().is_empty())
        .and_then(|text| match text.trim().parse() {
            Ok(id) => Some(Wanted::Id(id)),
            Err(_) => violations.keep("query", SearchText::parse(text)).map(Wanted::Beginning),
        });
    let behind = query
        .one(&mut violations, "cursor")
        .and_then(|cursor| violations.keep("cursor", id_of(cursor).ok_or("Cursor is not valid")));
    let limit = query.limit(&mut violations, PAGE);
    let why = reason_in(query, &mut violations);
    violations.into_result()?;
    Ok((OversightFilter { wanted, behind, limit }, why))
}

/// Which entries of the log of the staff are asked for and why, or everything that is wrong with the question. The log is
/// written as JSON alone, so a `format` is a parameter like any that nobody knows.
///
/// # Errors
/// [`Problem::Validation`]
pub fn log_filter(query: &Query<'_>) -> Result<(EventFilter, Option<Reason>), Problem> {
    let mut violations = Violations::none();
    let filter = event_filter(query, &mut violations, Format::Json);
    let why = reason_in(query, &mut violations);
    violations.into_result()?;
    Ok((filter, why))
}

/// Why somebody looks, if they say.
///
/// # Errors
/// [`Problem::Validation`]
pub fn reason_of(query: &Query<'_>) -> Result<Option<Reason>, Problem> {
    let mut violations = Violations::none();
    let why = reason_in(query, &mut violations);
    violations.into_result()?;
    Ok(why)
}

fn reason_in(query: &Query<'_>, violations: &mut Violations) -> Option<Reason> {
    query
        .one(violations, "reason")
        .filter(|text| !text.trim().is_empty())
        .and_then(|text| violations.keep("reason", Reason::parse(text)))
}

/// A cursor is the id of the last one on the page before, as ids are printed.
fn id_of<Id: FromStr + Display>(cursor: &str) -> Option<Id> {
    let id: Id = cursor.parse().ok()?;
    (id.to_string() == cursor).then_some(id)
}

#[cfg(test)]
mod tests {
    use rookery_domain::UserId;

    use super::*;

    #[test]
    fn a_cursor_reads_back_and_what_is_nearly_one_is_none() {
        let cursor = "0199d2f0-7c00-7000-8000-00000000000a";
        assert_eq!(id_of::<UserId>(cursor).unwrap().to_string(), cursor);
        for other in [
            String::new(),
            cursor.replace('-', ""),
            cursor.to_uppercase(),
            cursor[1..].to_owned(),
        ] {
            assert_eq!(id_of::<UserId>(&other), None, "{other}");
        }
    }
}
