//! What staff did.

use std::net::IpAddr;

use rookery_core::ActivityPage;
use rookery_core::ports::RecordedEvent;
use rookery_domain::{EventId, SessionId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::session_list::DeviceView;
use super::timestamp;

/// Some of what staff did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffLog)]
pub(crate) struct StaffLogView<'a> {
    /// The entries, the newest first.
    entries: Vec<StaffLogEntryView<'a>>,
    /// What to give as `cursor` to get the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Something staff did or were refused. What is personal (`reason`, `query`, `operator`, `address`, `device`, `requestId`) is `null`
/// once the time for keeping it is over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StaffLogEntry)]
pub(crate) struct StaffLogEntryView<'a> {
    /// The entry's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000009")]
    id: EventId,
    /// When it happened.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    at: Timestamp,
    /// What was done, a stable word.
    #[schema(example = "staff.user_suspended")]
    action: &'static str,
    /// The same, a sentence for people.
    #[schema(example = "Suspended somebody's account")]
    what: &'static str,
    /// `success` or `failure`.
    #[schema(example = "success")]
    outcome: &'static str,
    /// Who did it: `staff`, or `operator` at the command line.
    #[schema(example = "staff")]
    actor: &'static str,
    /// Who of the staff; `null` at the command line. Whoever became staff or is none any more is named here, too.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    user_id: Option<UserId>,
    /// To whom or what, as `kind:id`.
    #[schema(required = true, example = "user:0199d2f0-7c00-7000-8000-000000000001")]
    target: Option<&'a str>,
    /// Why, in their words.
    #[schema(required = true, example = "Ticket 4711: lost their phone")]
    reason: Option<&'a str>,
    /// What was searched for.
    #[schema(required = true)]
    query: Option<&'a str>,
    /// Why it was refused, a word.
    #[schema(required = true)]
    refused: Option<&'a str>,
    /// Which role was given or taken away.
    #[schema(required = true)]
    role: Option<&'a str>,
    /// What whoever sat at the command line is called there.
    #[schema(required = true)]
    operator: Option<&'a str>,
    /// The network address it came from.
    #[schema(value_type = Option<String>, required = true, example = "203.0.113.9")]
    address: Option<IpAddr>,
    /// The device it came from.
    #[schema(required = true)]
    device: Option<DeviceView>,
    /// The session it was done in.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    session_id: Option<SessionId>,
    /// The `X-Request-Id` of the answer.
    #[schema(required = true)]
    request_id: Option<&'a str>,
}

impl<'a> StaffLogView<'a> {
    pub(crate) fn of(page: &'a ActivityPage, next_cursor: Option<String>) -> Self {
        Self {
            entries: page.events.iter().map(StaffLogEntryView::of).collect(),
            next_cursor,
        }
    }
}

impl<'a> StaffLogEntryView<'a> {
    fn of(read: &'a RecordedEvent) -> Self {
        let event = &read.event;
        let detail = |key| event.detail.as_ref().and_then(|detail| detail.get(key)?.as_str());
        let agent = event.caller.user_agent.as_deref();
        Self {
            id: event.id,
            at: event.at,
            action: event.action.as_str(),
            what: event.action.sentence(event.outcome),
            outcome: event.outcome.as_str(),
            actor: event.actor.as_str(),
            user_id: event.user,
            target: event.target.as_deref(),
            reason: detail("reason"),
            query: detail("query"),
            refused: detail("refused"),
            role: detail("role"),
            operator: detail("operator"),
            address: event.caller.address,
            device: agent.map(|name| DeviceView::calling_itself(Some(name))),
            session_id: event.session,
            request_id: event.caller.request_id.as_deref(),
        }
    }
}
