//! `GET /api/users/me/activity` and `GET /api/tenants/{tenantId}/audit`

use chrono::Duration;
use rookery_core::domain::{AuditAction, AuditOutcome, Caller, EventId, SessionId, TenantId};
use rookery_core::ports::{EventFilter, EventPosition, PortError, RecordedEvent};
use rookery_core::{ActivityPage, AuditEvent, TenantActivityError};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get};
use crate::behind::{Behind, ada_signed_in, nothing};

const MINE: &str = "/api/users/me/activity";

fn audit() -> String {
    format!("/api/tenants/{}/audit", ada::tenant().id)
}

/// A log-in in Ada's present session, by somebody who calls himself a formula.
fn log_in() -> RecordedEvent {
    RecordedEvent {
        event: AuditEvent {
            id: EventId::new(ada::noon(), &[9; 10]),
            at: ada::noon() + Duration::microseconds(1_999),
            action: AuditAction::LogIn,
            outcome: AuditOutcome::Success,
            actor: rookery_core::domain::Actor::Person,
            target: None,
            user: Some(ada::user()),
            tenant: Some(ada::tenant().id),
            session: Some(ada::session().id),
            caller: Caller {
                is_operator: false,
                channel: rookery_core::domain::Channel::Api,
                request_id: Some("=cmd|' /C calc'!A0".to_owned()),
                address: Some([203, 0, 113, 9].into()),
                user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
            },
            detail: Some(json!({ "secret": "detail" })),
        },
        anonymised: None,
    }
}

/// The same after what was personal went, in another session.
fn anonymous() -> RecordedEvent {
    let RecordedEvent { event, .. } = log_in();
    RecordedEvent {
        event: AuditEvent {
            outcome: AuditOutcome::Failure,
            target: Some("device:0199".to_owned()),
            session: Some(SessionId::new(ada::noon(), &[4; 10])),
            caller: Caller::default(),
            detail: None,
            ..event
        },
        anonymised: Some(ada::noon()),
    }
}

fn shows(events: Vec<RecordedEvent>, next: Option<EventPosition>) -> Behind {
    let mut behind = ada_signed_in();
    let page = ActivityPage { events, next };
    behind
        .activity
        .expect_of_person()
        .once()
        .returning(move |_, _| Ok(page.clone()));
    behind
}

/// What the use case is asked for by this query.
async fn asked(query: &str) -> EventFilter {
    let asked = std::sync::Arc::new(std::sync::Mutex::new(None));
    let note = std::sync::Arc::clone(&asked);
    let mut behind = ada_signed_in();
    behind.activity.expect_of_person().once().returning(move |_, filter| {
        *note.lock().unwrap() = Some(filter);
        Ok(ActivityPage {
            events: Vec::new(),
            next: None,
        })
    });
    let answer = ask(behind, get(&format!("{MINE}?{query}")).by_ada()).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    asked.lock().unwrap().take().unwrap()
}

async fn refused(query: &str) -> Answer {
    ask(ada_signed_in(), get(&format!("{MINE}?{query}")).by_ada()).await
}

#[actix_web::test]
async fn it_shows_what_happened_in_words() {
    let answer = ask(shows(vec![log_in(), anonymous()], None), get(MINE).by_ada()).await;
    assert_eq!(answer.status, 200);
    let user = ada::user().to_string();
    assert_eq!(
        answer.json(),
        json!({
            "events": [
                {
                    "id": EventId::new(ada::noon(), &[9; 10]), "at": "2025-10-27T12:00:00.001Z", "action": "session.created",
                    "what": "Signed in", "outcome": "success", "actor": "user", "userId": user,
                    "target": format!("user:{user}"), "address": "203.0.113.9", "device": {
                        "browser": "Firefox", "system": "Linux", "kind": "computer", "words": "Firefox on Linux",
                    },
                    "sessionId": ada::session().id, "current": true, "requestId": "=cmd|' /C calc'!A0",
                },
                {
                    "id": EventId::new(ada::noon(), &[9; 10]), "at": "2025-10-27T12:00:00.001Z", "action": "session.created",
                    "what": "A sign-in was refused", "outcome": "failure", "actor": "user", "userId": user,
                    "target": "device:0199", "address": null, "device": null,
                    "sessionId": SessionId::new(ada::noon(), &[4; 10]), "current": false, "requestId": null,
                },
            ],
            "nextCursor": null,
        })
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("link"), None);
    assert!(!answer.text.contains("detail"), "details are not for readers");
}

#[actix_web::test]
async fn the_cursor_of_a_page_asks_for_what_stands_behind_it() {
    let place = log_in().position();
    let path = format!("{MINE}?limit=1&action=session.created&from=2025-01-01T00:00:00Z");
    let answer = ask(shows(vec![log_in()], Some(place)), get(&path).by_ada()).await;
    let cursor = answer.json()["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(
        answer.header("link").unwrap(),
        format!("<?limit=1&action=session.created&from=2025-01-01T00%3A00%3A00Z&cursor={cursor}>; rel=\"next\"")
    );
    assert_eq!(asked(&format!("cursor={cursor}")).await.behind, Some(place));
}

#[actix_web::test]
async fn a_link_repeats_nothing_that_could_end_the_header() {
    let place = log_in().position();
    let path = format!("{MINE}?x=%0d%0aset-cookie:%20sid=1%3E;&cursor=");
    let bad = ask(ada_signed_in(), get(&path).by_ada()).await;
    bad.has_violations(&[("cursor", "Cursor is not valid")]);
    let path = format!("{MINE}?x=%0d%0aset-cookie:%20sid=1%3E;");
    let answer = ask(shows(vec![log_in()], Some(place)), get(&path).by_ada()).await;
    let link = answer.header("link").unwrap();
    assert!(
        link.starts_with("<?x=%0D%0Aset-cookie%3A+sid%3D1%3E%3B&cursor="),
        "{link}"
    );
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn without_a_query_the_newest_25_are_asked_for() {
    let everything = EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit: 25,
    };
    assert_eq!(asked("").await, everything);
    assert_eq!(asked("unknown=1&limits=7").await, everything);
}

#[actix_web::test]
async fn filters_are_understood() {
    let filter = asked(
        "action=session.created&action=password.changed&action=session.created&outcome=failure\
         &from=2025-10-27T12:00:00Z&to=2025-10-27T15:00:00.5%2B02:00&limit=100",
    )
    .await;
    assert_eq!(filter.actions, [AuditAction::LogIn, AuditAction::PasswordChange]);
    assert_eq!(filter.outcome, Some(AuditOutcome::Failure));
    assert_eq!(filter.from, Some(ada::noon()));
    assert_eq!(filter.to, Some(ada::noon() + Duration::milliseconds(3_600_500)));
    assert_eq!(filter.limit, 100);
}

#[actix_web::test]
async fn everything_wrong_with_a_query_is_told_at_once() {
    let answer = refused("action=user.exploded&outcome=maybe&from=yesterday&to=&cursor=x&format=xml&limit=0").await;
    let time = "Must be a time such as 2025-10-27T12:00:00Z";
    answer.has_violations(&[
        ("format", "Format must be json or csv"),
        ("action", "Action must be one that events have"),
        ("outcome", "Outcome must be success or failure"),
        ("from", time),
        ("to", time),
        ("cursor", "Cursor is not valid"),
        ("limit", "Limit must be a number from 1 to 100"),
    ]);
}

// Proves: ASVS 1.4.2
#[actix_web::test]
async fn a_limit_is_a_number_from_1_to_100_or_1000_in_a_table() {
    for limit in [
        "",
        "0",
        "101",
        "-1",
        "+5",
        "%205",
        "5.0",
        "1e2",
        "99999999999999999999",
        "NaN",
        "%00",
    ] {
        refused(&format!("limit={limit}"))
            .await
            .has_violations(&[("limit", "Limit must be a number from 1 to 100")]);
    }
    refused("format=csv&limit=1001")
        .await
        .has_violations(&[("limit", "Limit must be a number from 1 to 1000")]);
    assert_eq!(asked("limit=1").await.limit, 1);
    assert_eq!(asked("limit=007").await.limit, 7);
    assert_eq!(asked("format=csv&limit=1000").await.limit, 1_000);
    assert_eq!(asked("format=csv").await.limit, 1_000);
}

#[actix_web::test]
async fn times_no_event_can_have_are_refused() {
    for time in [
        "2025-10-27",
        "2025-10-27T12:00:00",
        "2025-02-30T12:00:00Z",
        "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "1969-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "1761566400",
        "2025-10-27T12:00:00+02:00",
        "%ff%fe",
        "2025-10-27T12:00:00Z%00",
    ] {
        let answer = refused(&format!("from={time}")).await;
        answer.has_violations(&[("from", "Must be a time such as 2025-10-27T12:00:00Z")]);
    }
    for to in ["2025-10-27T12:00:00Z", "2025-10-27T11:00:00Z"] {
        refused(&format!("from=2025-10-27T12:00:00Z&to={to}"))
            .await
            .has_violations(&[("to", "to must be later than from")]);
    }
}

#[actix_web::test]
async fn a_cursor_that_no_page_gave_is_refused() {
    for cursor in [
        "",
        "0",
        "null",
        "ffffffffffffffff0199d2f07c0070008000000000000001",
        "7fffffffffffffff0199d2f07c0070008000000000000001",
        "00064222e3eda0000199d2f07c007000800000000000000g",
        "00064222e3eda000%270199d2f07c007000800000000000000",
        "%00%ff",
        "MjAyNS0xMC0yN1QxMjowMDowMFo=",
    ] {
        refused(&format!("cursor={cursor}"))
            .await
            .has_violations(&[("cursor", "Cursor is not valid")]);
    }
}

#[actix_web::test]
async fn what_may_be_given_once_must_not_be_given_twice() {
    for name in ["outcome", "from", "to", "cursor", "format", "limit"] {
        let answer = refused(&format!("{name}=1&{name}=1")).await;
        let violations = answer.violations();
        let message = format!("{name} must be given once");
        assert!(violations.contains(&(name.to_owned(), message)), "{violations:?}");
    }
}

// Proves: A78, ASVS 5.4.2
#[actix_web::test]
async fn asvs_1_2_10_a_table_is_a_download_with_nothing_to_compute() {
    let place = log_in().position();
    let answer = ask(
        shows(vec![log_in(), anonymous()], Some(place)),
        get(&format!("{MINE}?format=csv")).by_ada(),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"activity-2025-10-27.csv\"")
    );
    assert!(answer.header("link").unwrap().contains("cursor="));
    let rows: Vec<&str> = answer.text.split("\r\n").collect();
    assert_eq!(
        rows[0],
        "\"id\",\"at\",\"action\",\"what\",\"outcome\",\"actor\",\"userId\",\"target\",\"address\",\"device\",\
         \"sessionId\",\"current\",\"requestId\""
    );
    assert!(rows[1].contains("\"Signed in\",\"success\",\"user\""), "{}", rows[1]);
    assert!(rows[1].ends_with(",\"true\",\"'=cmd|' /C calc'!A0\""), "{}", rows[1]);
    assert!(rows[2].contains("\"device:0199\",\"\",\"\","), "{}", rows[2]);
    assert_eq!((rows.len(), rows[3]), (4, ""));
}

#[actix_web::test]
async fn a_client_that_would_rather_have_a_table_gets_one() {
    for (accept, query, expected) in [
        ("text/csv", "", "text/csv"),
        ("TEXT/CSV, */*;q=0.1", "", "text/csv"),
        ("application/json, text/csv;q=0.9", "", "application/json"),
        ("text/html, */*", "", "application/json"),
        ("text/html", "", "application/json"),
        ("no such thing", "", "application/json"),
        ("text/csv;q=0", "", "application/json"),
        ("text/csv;q=0, */*;q=0.1", "", "application/json"),
        ("text/csv", "?format=json", "application/json"),
        ("application/json", "?format=csv", "text/csv"),
    ] {
        let request = get(&format!("{MINE}{query}"))
            .by_ada()
            .insert_header(("accept", accept));
        let answer = ask(shows(Vec::new(), None), request).await;
        let kind = answer.header("content-type").unwrap();
        assert!(kind.starts_with(expected), "{accept} {query}: {kind}");
    }
}

#[actix_web::test]
async fn a_tenant_s_log_is_shown_to_its_owner() {
    let mut behind = ada_signed_in();
    behind
        .activity
        .expect_of_tenant()
        .once()
        .withf(|signed_in, tenant, filter| {
            signed_in.session.user == ada::user() && *tenant == ada::tenant().id && filter.limit == 3
        })
        .returning(|_, _, _| {
            Ok(ActivityPage {
                events: vec![log_in()],
                next: None,
            })
        });
    let answer = ask(behind, get(&format!("{}?limit=3", audit())).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["events"][0]["userId"], json!(ada::user()));
}

// Proves: A62, ASVS 8.2.2
#[actix_web::test]
async fn a62_a_tenant_that_is_not_one_s_own_is_not_there_whatever_its_id_looks_like() {
    let mut answers: Vec<Value> = Vec::new();
    for id in [
        ada::tenant().id.to_string(),
        TenantId::new(ada::noon(), &[8; 10]).to_string(),
        "me".to_owned(),
        "0".to_owned(),
        "%27%20OR%201=1".to_owned(),
        "%00".to_owned(),
        "..%2f..%2fusers".to_owned(),
        "9".repeat(300),
    ] {
        let mut behind = ada_signed_in();
        behind
            .activity
            .expect_of_tenant()
            .returning(|_, _, _| Err(TenantActivityError::NotFound));
        let answer = ask(behind, get(&format!("/api/tenants/{id}/audit")).by_ada()).await;
        answer.is_problem(404, "TENANT_NOT_FOUND", "Tenant not found");
        answers.push(answer.problem());
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]));
}

#[actix_web::test]
async fn a_bad_query_is_told_before_anybody_looks_for_the_tenant() {
    for id in [ada::tenant().id.to_string(), "me".to_owned()] {
        let answer = ask(
            ada_signed_in(),
            get(&format!("/api/tenants/{id}/audit?limit=0")).by_ada(),
        )
        .await;
        answer.has_violations(&[("limit", "Limit must be a number from 1 to 100")]);
    }
}

#[actix_web::test]
async fn without_a_session_there_is_nothing_to_see() {
    for path in [MINE.to_owned(), audit(), format!("{MINE}?limit=0")] {
        ask(nothing(), get(&path)).await.is_unauthorized();
    }
}

#[actix_web::test]
async fn a_log_that_cannot_be_read_is_a_503_without_a_reason() {
    let mut behind = ada_signed_in();
    behind
        .activity
        .expect_of_person()
        .returning(|_, _| Err(PortError::unavailable("events.of_person", "the database is gone")));
    ask(behind, get(MINE).by_ada())
        .await
        .is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
    let mut behind = ada_signed_in();
    behind.activity.expect_of_tenant().returning(|_, _, _| {
        let error = PortError::unavailable("events.of_tenant", "the database is gone");
        Err(TenantActivityError::Port(error))
    });
    ask(behind, get(&audit()).by_ada())
        .await
        .is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
}
