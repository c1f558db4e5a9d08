//! A person's sessions, as they recognise them.

use std::net::IpAddr;

use rookery_core::ports::ListedSession;
use rookery_domain::{AuthMethod, Device, SessionId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::session::method_words;
use super::timestamp;

/// All live sessions of the signed-in person.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionList)]
pub(crate) struct SessionListView<'a> {
    /// The sessions, the most recently used first; at most 50.
    sessions: Vec<ListedSessionView<'a>>,
}

/// One of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedSession)]
pub(crate) struct ListedSessionView<'a> {
    /// The session's name, which opens nothing.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000002")]
    id: SessionId,
    /// What it was opened with.
    device: DeviceView,
    /// The network address it was opened from.
    #[schema(value_type = String, required = true, nullable, example = "192.0.2.7")]
    address: Option<IpAddr>,
    /// When it began.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:00:00.000Z")]
    created_at: Timestamp,
    /// When it was last used, to a minute.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-27T12:34:00.000Z")]
    last_active_at: Timestamp,
    /// When it ends however busy it is; it ends sooner when it falls idle.
    #[serde(serialize_with = "timestamp::milliseconds")]
    #[schema(value_type = String, format = "date-time", example = "2025-10-28T12:00:00.000Z")]
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
    /// Whether it outlives the browser.
    remembered: bool,
    /// How the person proved who they are.
    #[serde(serialize_with = "method_words")]
    #[schema(value_type = Vec<String>, example = json!(["password"]))]
    methods: &'a [AuthMethod],
}

/// A device, by what its client calls itself: a help to recognise it, and no proof of anything.
#[derive(Serialize, ToSchema)]
#[schema(as = Device)]
pub(crate) struct DeviceView {
    /// The browser or program.
    #[schema(example = "Firefox", required = true)]
    browser: Option<&'static str>,
    /// The operating system.
    #[schema(example = "Linux", required = true)]
    system: Option<&'static str>,
    /// `computer`, `phone`, `tablet`, `program` or `unknown`.
    #[schema(example = "computer")]
    kind: &'static str,
    /// All of that for people.
    #[schema(example = "Firefox on Linux")]
    pub(super) words: String,
}

/// How many sessions have ended.
#[derive(Serialize, ToSchema)]
#[schema(as = EndedSessions)]
pub(crate) struct EndedSessionsView {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// How many.
    #[schema(example = 3)]
    ended: u64,
}

impl<'a> SessionListView<'a> {
    pub(crate) fn of(listed: &'a [ListedSession], current: SessionId) -> Self {
        let sessions = listed.iter().map(|session| ListedSessionView::of(session, current));
        Self {
            sessions: sessions.collect(),
        }
    }
}

impl<'a> ListedSessionView<'a> {
    pub(super) fn of(session: &'a ListedSession, current: SessionId) -> Self {
        Self {
            id: session.id,
            device: DeviceView::calling_itself(session.user_agent.as_deref()),
            address: session.address,
            created_at: session.created,
            last_active_at: session.last_seen,
            expires_at: session.expires,
            current: session.id == current,
            remembered: session.remembered,
            methods: &session.methods,
        }
    }
}

impl DeviceView {
    pub(crate) fn calling_itself(user_agent: Option<&str>) -> Self {
        let device = user_agent.map(Device::calling_itself).unwrap_or_default();
        Self {
            browser: device.browser,
            system: device.system,
            kind: device.kind.as_str(),
            words: device.to_string(),
        }
    }
}

impl EndedSessionsView {
    pub(crate) const fn of(ended: u64) -> Self {
        Self { success: true, ended }
    }
}
