//! What is shown.

use rookery_core::domain::{
    AuditAction, AuditOutcome, AuthMethod, Caller, EmailAddress, Reason, Role, SearchText, SessionId, StaffRole,
    TenantId,
};
use rookery_core::mocks::{ManualClock, SeededEntropy};
use rookery_core::ports::{
    Account, AccountFile, FoundTenant, LegalHold, ListedSession, Member, OversightFilter, PendingDeletion,
    RecordedEvent, TenantFile, Wanted,
};
use rookery_core::{AccountPage, ActivityPage, AuditEvent, Mint, OversightError, TenantPage, Whom};
use serde_json::{Value, json};

use super::{bob, overseer, staffed};
use crate::ada;
use crate::ask::{ByAda, ask, get};

fn account() -> Account {
    Account {
        user: bob(),
        email: EmailAddress::parse("bob@example.com").unwrap(),
        name: Some("Bob".to_owned()),
        email_verified: Some(ada::noon()),
        disabled: None,
        created: ada::noon(),
        last_login: None,
        sessions: 1,
    }
}

fn shown() -> Value {
    json!({
        "id": bob(), "email": "bob@example.com", "name": "Bob", "emailVerifiedAt": "2025-10-27T12:00:00.000Z",
        "suspendedAt": null, "createdAt": "2025-10-27T12:00:00.000Z", "lastLoginAt": null,
    })
}

#[actix_web::test]
async fn people_come_in_pages_that_lead_to_each_other() {
    let mut behind = staffed();
    behind
        .oversight
        .expect_find()
        .once()
        .withf(|by, filter, why| {
            let wanted = Some(Wanted::Beginning(SearchText::parse("bo").unwrap()));
            *by == overseer()
                && *filter
                    == OversightFilter {
                        wanted,
                        behind: None,
                        limit: 1,
                    }
                && why.as_ref().map(Reason::as_str) == Some("Ticket 4711")
        })
        .returning(|_, _, _| {
            Ok(AccountPage {
                found: vec![account()],
                next: Some(bob()),
            })
        });
    let path = "/api/admin/users?limit=1&query=bo&reason=Ticket%204711";
    let answer = ask(behind, get(path).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({ "users": [shown()], "nextCursor": bob() }));
    let link = format!("<?limit=1&query=bo&reason=Ticket+4711&cursor={}>; rel=\"next\"", bob());
    assert_eq!(answer.header("link"), Some(link.as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let mut behind = staffed();
    behind
        .oversight
        .expect_find()
        .once()
        .withf(|_, filter, why| {
            filter.wanted == Some(Wanted::Id(bob()))
                && filter.behind == Some(bob())
                && filter.limit == 25
                && why.is_none()
        })
        .returning(|_, _, _| {
            Ok(AccountPage {
                found: Vec::new(),
                next: None,
            })
        });
    let path = format!("/api/admin/users?query=%20{0}&cursor={0}&reason=%20", bob());
    let answer = ask(behind, get(&path).by_ada()).await;
    assert_eq!(answer.json(), json!({ "users": [], "nextCursor": null }));
    assert_eq!(answer.header("link"), None);
}

#[actix_web::test]
async fn a_question_that_makes_no_sense_is_told_field_by_field() {
    let limit = "Limit must be a number from 1 to 100";
    for path in ["/api/admin/users", "/api/admin/tenants"] {
        for (query, expected) in [
            ("limit=0", vec![("limit", limit)]),
            ("limit=101", vec![("limit", limit)]),
            ("cursor=x", vec![("cursor", "Cursor is not valid")]),
            (
                "query=a%00b",
                vec![("query", "Search contains characters that are not allowed")],
            ),
            ("query=a&query=b", vec![("query", "query must be given once")]),
            (
                "reason=a%0ab&limit=x",
                vec![
                    ("limit", limit),
                    ("reason", "Reason contains characters that are not allowed"),
                ],
            ),
        ] {
            let answer = ask(staffed(), get(&format!("{path}?{query}")).by_ada()).await;
            answer.has_violations(&expected);
        }
    }
    let answer = ask(staffed(), get("/api/admin/log?action=staff.danced&limit=0").by_ada()).await;
    answer.has_violations(&[("action", "Action must be one that events have"), ("limit", limit)]);
    let answer = ask(staffed(), get("/api/admin/log?limit=0&reason=a%0ab").by_ada()).await;
    answer.has_violations(&[
        ("limit", limit),
        ("reason", "Reason contains characters that are not allowed"),
    ]);
    let long = format!("/api/admin/users/{}?reason={}", bob(), "x".repeat(501));
    let answer = ask(staffed(), get(&long).by_ada()).await;
    answer.has_violations(&[("reason", "Reason is too long")]);
}

fn event(action: AuditAction) -> RecordedEvent {
    let mint = Mint::new(
        std::sync::Arc::new(ManualClock::at(ada::noon())),
        std::sync::Arc::new(SeededEntropy::default()),
    );
    let caller = Caller {
        request_id: Some("req-7".to_owned()),
        ..Caller::default()
    };
    RecordedEvent {
        event: AuditEvent {
            user: Some(ada::user()),
            target: Some(format!("user:{}", bob())),
            actor: rookery_core::domain::Actor::Staff,
            detail: Some(json!({ "reason": "Ticket 4711" })),
            ..mint.event(ada::noon(), action, AuditOutcome::Success, &caller)
        },
        anonymised: None,
    }
}

#[actix_web::test]
async fn an_account_is_shown_with_everything_but_what_opens_it() {
    let mut behind = staffed();
    behind
        .oversight
        .expect_show()
        .once()
        .withf(|by, whom, why| *by == overseer() && *whom == Whom::Id(bob()) && why.is_none())
        .returning(|_, _, _| {
            Ok(AccountFile {
                account: account(),
                staff: Some(StaffRole::Auditor),
                authenticator: Some(ada::noon()),
                recovery_codes: 8,
                locked_until: Some(ada::noon()),
                deletion: Some(PendingDeletion {
                    requested: ada::noon(),
                    due: ada::noon(),
                    closed: Vec::new(),
                }),
                hold: Some(LegalHold {
                    since: ada::noon(),
                    reason: Reason::parse("Court order").unwrap(),
                }),
                memberships: vec![rookery_core::domain::Membership {
                    tenant: ada::tenant(),
                    created: ada::noon(),
                    joined: ada::noon(),
                    timeout_hours: None,
                }],
                sessions: vec![ListedSession {
                    id: SessionId::new(ada::noon(), &[6; 10]),
                    remembered: false,
                    methods: vec![AuthMethod::Password],
                    created: ada::noon(),
                    last_seen: ada::noon(),
                    expires: ada::noon(),
                    address: None,
                    user_agent: None,
                }],
                events: vec![event(AuditAction::LookedAt)],
            })
        });
    let answer = ask(behind, get(&format!("/api/admin/users/{}", bob())).by_ada()).await;
    assert_eq!(answer.status, 200);
    let mut body = answer.json();
    let noon = "2025-10-27T12:00:00.000Z";
    let sessions = body["sessions"].take();
    let events = body["events"].take();
    assert_eq!(
        (&sessions[0]["current"], &sessions[0]["lastActiveAt"]),
        (&json!(false), &json!(noon))
    );
    assert_eq!(
        (&events[0]["action"], &events[0]["actor"]),
        (&json!("user.looked_at"), &json!("staff"))
    );
    let mut expected = shown();
    for (key, value) in [
        ("staffRole", json!("auditor")),
        (
            "secondFactors",
            json!({ "authenticatorSince": noon, "recoveryCodes": 8 }),
        ),
        ("lockedUntil", json!(noon)),
        ("deletion", json!({ "requestedAt": noon, "scheduledFor": noon })),
        ("hold", json!({ "since": noon, "reason": "Court order" })),
        (
            "memberships",
            json!([{
                "tenantId": ada::tenant().id, "name": "Analytical Engines", "roles": ["owner", "member"], "joinedAt": noon,
            }]),
        ),
        ("sessions", Value::Null),
        ("events", Value::Null),
    ] {
        expected[key] = value;
    }
    assert_eq!(body, expected);
}

#[actix_web::test]
async fn tenants_are_shown_with_those_who_belong_to_them() {
    let tenant = || FoundTenant {
        id: ada::tenant().id,
        name: "Analytical Engines".to_owned(),
        created: ada::noon(),
        members: 1,
    };
    let short = json!({
        "id": ada::tenant().id, "name": "Analytical Engines", "createdAt": "2025-10-27T12:00:00.000Z", "memberCount": 1,
    });
    let mut behind = staffed();
    behind
        .oversight
        .expect_find_tenants()
        .once()
        .withf(|_, filter, _| filter.wanted == Some(Wanted::Id(ada::tenant().id)))
        .returning(move |_, _, _| {
            Ok(TenantPage {
                found: vec![tenant()],
                next: None,
            })
        });
    let path = format!("/api/admin/tenants?query={}", ada::tenant().id);
    let answer = ask(behind, get(&path).by_ada()).await;
    assert_eq!(answer.json(), json!({ "tenants": [short.clone()], "nextCursor": null }));

    let mut behind = staffed();
    behind
        .oversight
        .expect_show_tenant()
        .once()
        .withf(|_, asked, _| *asked == ada::tenant().id)
        .returning(move |_, _, _| {
            Ok(TenantFile {
                tenant: tenant(),
                members: vec![Member {
                    user: bob(),
                    email: EmailAddress::parse("bob@example.com").unwrap(),
                    name: None,
                    given_name: None,
                    family_name: None,
                    roles: vec![Role::Viewer],
                    joined: ada::noon(),
                }],
            })
        });
    let answer = ask(
        behind,
        get(&format!("/api/admin/tenants/{}", ada::tenant().id)).by_ada(),
    )
    .await;
    let mut expected = short;
    expected["members"] = json!([{
        "id": bob(), "email": "bob@example.com", "name": null, "givenName": null, "familyName": null,
        "roles": ["viewer"], "joinedAt": "2025-10-27T12:00:00.000Z",
    }]);
    assert_eq!(answer.json(), expected);

    for id in [TenantId::new(ada::noon(), &[7; 10]).to_string(), "nowhere".to_owned()] {
        let mut behind = staffed();
        behind
            .oversight
            .expect_show_tenant()
            .returning(|_, _, _| Err(OversightError::NoSuchTenant));
        let answer = ask(behind, get(&format!("/api/admin/tenants/{id}")).by_ada()).await;
        answer.is_problem(404, "TENANT_NOT_FOUND", "Tenant not found");
    }
}

#[actix_web::test]
async fn the_log_tells_who_did_what_to_whom_and_why() {
    let mut behind = staffed();
    behind
        .oversight
        .expect_log()
        .once()
        .withf(|_, filter, why| filter.actions == [AuditAction::StaffSuspended] && filter.limit == 1 && why.is_none())
        .returning(|_, _, _| {
            let entry = event(AuditAction::StaffSuspended);
            Ok(ActivityPage {
                next: Some(entry.position()),
                events: vec![entry],
            })
        });
    // The log has one form, so `format` is a parameter that nobody knows.
    let path = "/api/admin/log?action=staff.user_suspended&limit=1&format=xml";
    let answer = ask(behind, get(path).by_ada()).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    let mut entry = body["entries"][0].clone();
    assert!(entry.as_object_mut().unwrap().remove("id").is_some());
    assert_eq!(
        entry,
        json!({
            "at": "2025-10-27T12:00:00.000Z", "action": "staff.user_suspended", "what": "Suspended somebody's account",
            "outcome": "success", "actor": "staff", "userId": ada::user(), "target": format!("user:{}", bob()),
            "reason": "Ticket 4711", "query": null, "refused": null, "role": null, "operator": null, "address": null,
            "device": null, "sessionId": null, "requestId": "req-7",
        })
    );
    let link = answer.header("link").unwrap();
    assert!(link.ends_with("; rel=\"next\"") && link.contains(body["nextCursor"].as_str().unwrap()));
}
