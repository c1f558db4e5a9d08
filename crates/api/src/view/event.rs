//! What happened.

use std::borrow::Cow;
use std::net::IpAddr;

use chrono::SecondsFormat;
use rookery_core::ActivityPage;
use rookery_core::ports::RecordedEvent;
use rookery_domain::{EventId, SessionId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::csv::Csv;
use super::session_list::DeviceView;
use super::timestamp;
use rookery_door::query::cursor_at;

/// Some of what happened, the newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventPage)]
pub(crate) struct EventPageView<'a> {
    /// The events.
    events: Vec<EventView<'a>>,
    /// What to give as `cursor` to get the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Something that happened. What is personal (`address`, `device`, `requestId`) is `null` once the time for keeping it is over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Event)]
pub(crate) struct EventView<'a> {
    /// The event's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000009")]
    id: EventId,
    /// When it happened.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    at: Timestamp,
    /// What happened, a stable word.
    #[schema(example = "session.created")]
    action: &'static str,
    /// What happened, a sentence for people.
    #[schema(example = "Signed in")]
    what: &'static str,
    /// `success` or `failure`.
    #[schema(example = "success")]
    outcome: &'static str,
    /// Who did it: `user` (the person whose account it is), `anonymous` (somebody who has not shown who they are), `staff`,
    /// `operator` or `service`.
    #[schema(example = "user")]
    actor: &'static str,
    /// Whose account it is about.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    user_id: Option<UserId>,
    /// What it was done to, as `kind:id`.
    #[schema(required = true, example = "user:0199d2f0-7c00-7000-8000-000000000001")]
    target: Option<Cow<'a, str>>,
    /// The network address it came from.
    #[schema(value_type = Option<String>, required = true, example = "203.0.113.9")]
    address: Option<IpAddr>,
    /// The device it came from.
    #[schema(required = true)]
    device: Option<DeviceView>,
    /// The session it happened in.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    session_id: Option<SessionId>,
    /// Whether that is the session of whoever reads this.
    current: bool,
    /// The `X-Request-Id` of the answer.
    #[schema(required = true)]
    request_id: Option<&'a str>,
}

impl<'a> EventView<'a> {
    pub(super) fn of(read: &'a RecordedEvent, reading: SessionId) -> Self {
        let event = &read.event;
        let account = || event.user.map(|user| Cow::Owned(format!("user:{user}")));
        Self {
            id: event.id,
            at: event.at,
            action: event.action.as_str(),
            what: event.action.sentence(event.outcome),
            outcome: event.outcome.as_str(),
            actor: event.actor.as_str(),
            user_id: event.user,
            target: event.target.as_deref().map(Cow::Borrowed).or_else(account),
            address: event.caller.address,
            device: event
                .caller
                .user_agent
                .as_deref()
                .map(|name| DeviceView::calling_itself(Some(name))),
            session_id: event.session,
            current: event.session == Some(reading),
            request_id: event.caller.request_id.as_deref(),
        }
    }

    /// The columns of [`row`](Self::row).
    const COLUMNS: [&'static str; 13] = [
        "id",
        "at",
        "action",
        "what",
        "outcome",
        "actor",
        "userId",
        "target",
        "address",
        "device",
        "sessionId",
        "current",
        "requestId",
    ];

    fn row(self) -> [Cow<'a, str>; 13] {
        fn text<'a>(value: Option<impl ToString>) -> Cow<'a, str> {
            value.map_or(Cow::Borrowed(""), |value| Cow::Owned(value.to_string()))
        }
        [
            text(Some(self.id)),
            text(Some(self.at.to_rfc3339_opts(SecondsFormat::Millis, true))),
            self.action.into(),
            self.what.into(),
            self.outcome.into(),
            self.actor.into(),
            text(self.user_id),
            self.target.unwrap_or_default(),
            text(self.address),
            text(self.device.map(|device| device.words)),
            text(self.session_id),
            text(Some(self.current)),
            self.request_id.unwrap_or_default().into(),
        ]
    }
}

impl<'a> EventPageView<'a> {
    /// A page, for whoever reads it in this session.
    pub(crate) fn of(page: &'a ActivityPage, reading: SessionId) -> Self {
        Self {
            events: page.events.iter().map(|event| EventView::of(event, reading)).collect(),
            next_cursor: page.next.as_ref().map(cursor_at),
        }
    }

    /// The same as a table.
    pub(crate) fn into_csv(self) -> String {
        let mut csv = Csv::with_columns(&EventView::COLUMNS);
        for event in self.events {
            csv.row(event.row());
        }
        csv.into_text()
    }
}

#[cfg(test)]
mod tests {
    use rookery_core::mocks::{ManualClock, SeededEntropy};
    use rookery_core::{AuditEvent, Mint};
    use rookery_domain::{AuditAction, AuditOutcome, Caller};

    use super::*;

    #[test]
    fn the_columns_of_the_table_are_the_fields_of_the_object() {
        let mint = Mint::new(
            std::sync::Arc::new(ManualClock::default()),
            std::sync::Arc::new(SeededEntropy::default()),
        );
        let read = RecordedEvent {
            event: AuditEvent {
                ..mint.event(
                    mint.now(),
                    AuditAction::LogIn,
                    AuditOutcome::Success,
                    &Caller::default(),
                )
            },
            anonymised: None,
        };
        let view = EventView::of(&read, SessionId::new(mint.now(), &[1; 10]));
        let object = serde_json::to_string(&view).unwrap();
        let mut last = 0;
        for column in EventView::COLUMNS {
            let at = object.find(&format!("\"{column}\":")).unwrap();
            assert!(at >= last, "{column} stands where it does in {object}");
            last = at;
        }
        assert_eq!(serde_json::to_value(&view).unwrap().as_object().unwrap().len(), 13);
    }
}
