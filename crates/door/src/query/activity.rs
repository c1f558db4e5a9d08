//! Which events are asked for, and as what.

use actix_web::HttpRequest;
use actix_web::http::header::{Accept, Header, Quality};
use chrono::{DateTime, Utc};
use rookery_core::ports::EventFilter;
use rookery_domain::{AuditAction, AuditOutcome, Timestamp, Violations};

use super::Query;
use super::cursor::place_of;
use crate::problem::Problem;

/// What the events are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// A table.
    Csv,
}

impl Format {
    /// Events on a page when the client does not say, and at most. A download is read by a program that has no button for the
    /// next page.
    const fn page(self) -> (u32, u32) {
        match self {
            Self::Json => (25, 100),
            Self::Csv => (1_000, 1_000),
        }
    }

    /// What the client would rather have, by its `Accept` header.
    fn preferred(request: &HttpRequest) -> Self {
        let mut accepted = Accept::parse(request).unwrap_or_else(|_| Accept(Vec::new()));
        // A range of no weight is what the client does not want at all (RFC 9110, section 12.4.2).
        accepted.0.retain(|range| range.quality > Quality::ZERO);
        let ranked = accepted.ranked();
        let mut ranked = ranked.iter().map(|range| range.essence_str().to_ascii_lowercase());
        let first =
            ranked.find(|range| ["text/csv", "application/json", "application/*", "*/*"].contains(&range.as_str()));
        if first.as_deref() == Some("text/csv") {
            Self::Csv
        } else {
            Self::Json
        }
    }
}

/// A question for events.
pub struct ActivityQuery {
    /// Which events.
    pub filter: EventFilter,
    /// As what.
    pub format: Format,
}

impl ActivityQuery {
    /// What the request asks for, or everything that is wrong with it.
    ///
    /// # Errors
    /// [`Problem::Validation`]
    pub fn of(request: &HttpRequest, query: &Query<'_>) -> Result<Self, Problem> {
        Self::asked(query, Format::preferred(request))
    }

    /// The same, written like this unless the query says otherwise.
    ///
    /// # Errors
    /// [`Problem::Validation`]
    pub fn asked(query: &Query<'_>, preferred: Format) -> Result<Self, Problem> {
        let mut violations = Violations::none();
        let format = match query.one(&mut violations, "format") {
            None => preferred,
            Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            Some(_) => {
                violations.field("format", "Format must be json or csv");
                Format::Json
            }
        };
        let filter = event_filter(query, &mut violations, format);
        violations.into_result()?;
        Ok(Self { filter, format })
    }
}

/// Which events are asked for, to be written like this, and everything that is wrong with the question.
pub(super) fn event_filter(query: &Query<'_>, violations: &mut Violations, format: Format) -> EventFilter {
    let mut actions = Vec::new();
    for word in query.many("action") {
        match AuditAction::from_word(word) {
            Some(action) if actions.contains(&action) => {}
            Some(action) => actions.push(action),
            None => violations.field("action", "Action must be one that events have"),
        }
    }
    let outcome = query.one(violations, "outcome").and_then(|word| {
        let outcome = AuditOutcome::from_word(word).ok_or("Outcome must be success or failure");
        violations.keep("outcome", outcome)
    });
    let [from, to] = ["from", "to"].map(|name| {
        let text = query.one(violations, name)?;
        violations.keep(name, moment(text).ok_or(MOMENT))
    });
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        violations.field("to", "to must be later than from");
    }
    let behind = query
        .one(violations, "cursor")
        .and_then(|cursor| violations.keep("cursor", place_of(cursor).ok_or("Cursor is not valid")));
    let limit = query.limit(violations, format.page());
    EventFilter {
        actions,
        outcome,
        from,
        to,
        behind,
        limit,
    }
}

const MOMENT: &str = "Must be a time such as 2025-10-27T12:00:00Z";

/// A moment of RFC 3339 that an event can have.
fn moment(text: &str) -> Option<Timestamp> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    Some(moment).filter(is_sensible)
}

/// From 1970 to the year 9999: what both databases keep in the order of time.
pub(super) fn is_sensible(moment: &Timestamp) -> bool {
    (0..253_402_300_800).contains(&moment.timestamp())
}
