//! What a message says: `{"type", "timestamp", "data"}`, as Standard Webhooks have it.
//!
//! It holds ids and nothing else of a person. A message lies in queues and logs of other systems, and what it said of
//! somebody could not be taken back when they change or erase it; who may know more, asks for it by the id.

use chrono::SecondsFormat;
use rookery_domain::{SessionId, TenantId, Timestamp, UserId};
use serde::Serialize;

use crate::ports::{AccountEvent, PortError};

#[derive(Serialize)]
struct Payload<D> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: D,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "these are their names on the wire")]
struct Whom {
    user_id: Option<UserId>,
    tenant_id: Option<TenantId>,
    session_id: Option<SessionId>,
}

#[derive(Serialize)]
struct Nobody {}

/// The body of an event: the same bytes every time, so that every copy is the same.
pub(crate) fn of_event(event: &AccountEvent) -> Result<Vec<u8>, PortError> {
    write(&Payload {
        kind: event.kind.as_str(),
        timestamp: time(event.occurred),
        data: Whom {
            user_id: event.user,
            tenant_id: event.tenant,
            session_id: event.session,
        },
    })
}

/// The body of a test.
pub(crate) fn of_test(at: Timestamp) -> Result<Vec<u8>, PortError> {
    write(&Payload {
        kind: "webhook.test",
        timestamp: time(at),
        data: Nobody {},
    })
}

fn write(payload: &impl Serialize) -> Result<Vec<u8>, PortError> {
    serde_json::to_vec(payload).map_err(|error| PortError::broken("webhook.write", error))
}

fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use rookery_domain::{EventId, WebhookEvent};

    use super::*;
    use crate::fixture::{Workshop, tenant, user};

    #[test]
    fn a_message_holds_type_time_and_ids_and_no_more() {
        let now = Workshop::open().now();
        let event = AccountEvent {
            id: EventId::new(now, &[5; 10]),
            kind: WebhookEvent::UserUpdated,
            occurred: now,
            user: Some(user()),
            tenant: Some(tenant()),
            session: None,
        };
        let expected = format!(
            r#"{{"type":"user.updated","timestamp":"2025-10-27T12:00:00.000Z","data":{{"userId":"{}","tenantId":"{}","sessionId":null}}}}"#,
            user(),
            tenant()
        );
        assert_eq!(String::from_utf8(of_event(&event).unwrap()).unwrap(), expected);
        assert_eq!(
            String::from_utf8(of_test(now).unwrap()).unwrap(),
            r#"{"type":"webhook.test","timestamp":"2025-10-27T12:00:00.000Z","data":{}}"#
        );
    }
}
