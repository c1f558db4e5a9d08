//! `/api/admin/…`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::domain::{
    Actor, AuditAction, AuditOutcome, AuthMethod, Caller, EmailAddress, ErasureId, Reason, Role, SearchText, SessionId,
    StaffRole, TenantId, UserId,
};
use rookery_core::mocks::{ManualClock, SeededEntropy};
use rookery_core::ports::{
    Account, AccountFile, ErasureReceipt, FoundTenant, LegalHold, ListedSession, Member, OversightFilter,
    PendingDeletion, RecordedEvent, StakeFate, TenantFile, TenantStake, Wanted,
};
use rookery_core::{
    AccountPage, ActivityPage, AdmissionError, AuditEvent, Forbidden, Intervened, Intervention, Mint, Overseer,
    OversightError, PortError, ReauthenticationRequired, TenantPage, Whom,
};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, send};
use crate::behind::{Behind, ada_signed_in, nothing};

/// Every operation: its method and its path.
pub(crate) const OPERATIONS: [(&str, &str); 13] = [
    ("GET", "/api/admin/users"),
    ("GET", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/suspend"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/restore"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/hold"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/release"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/erase"),
    (
        "DELETE",
        "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/sessions",
    ),
    (
        "POST",
        "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/send-password-reset",
    ),
    (
        "POST",
        "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/send-verification",
    ),
    ("GET", "/api/admin/tenants"),
    ("GET", "/api/admin/tenants/0199d2f0-7c00-7000-8000-000000000003"),
    ("GET", "/api/admin/log"),
];

fn bob() -> UserId {
    UserId::new(ada::noon(), &[5; 10])
}

fn overseer() -> Overseer {
    Overseer::let_in(&ada::signed_in(), StaffRole::Operator, &Caller::default())
}

/// Ada is let in.
fn staffed() -> Behind {
    let mut behind = ada_signed_in();
    behind
        .oversight
        .expect_admit()
        .withf(|signed_in, caller| *signed_in == ada::signed_in() && caller.request_id.is_some())
        .returning(|_, _| Ok(overseer()));
    behind
}

/// Ada is not let in, for this reason.
fn turned_away(why: fn() -> AdmissionError) -> Behind {
    let mut behind = ada_signed_in();
    behind.oversight.expect_admit().returning(move |_, _| Err(why()));
    behind
}

fn call(method: &str, path: &str) -> TestRequest {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    if method == Method::GET {
        get(path)
    } else {
        send(method, path, &json!({ "reason": "Ticket 4711", "confirmation": bob() }))
    }
}

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

fn headers(answer: &Answer) -> Vec<String> {
    let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort_unstable();
    names
}

#[actix_web::test]
async fn whoever_is_no_staff_finds_what_is_found_where_nothing_is() {
    for (method, path) in OPERATIONS {
        for body in [json!({ "reason": "x" }), json!({}), json!([])] {
            let asked = |path: &str| {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                send(method, path, &body).by_ada()
            };
            let behind = || Behind {
                limits: rookery_core::LimitProfile::Default,
                ..turned_away(|| AdmissionError::NotStaff)
            };
            let nowhere = ask(behind(), asked("/api/nowhere/at/all")).await;
            nowhere.is_problem(404, "NOT_FOUND", "Not found");
            let hidden = ask(behind(), asked(path)).await;
            assert_eq!(
                (hidden.status, hidden.problem()),
                (nowhere.status, nowhere.problem()),
                "{path}"
            );
            assert_eq!(headers(&hidden), headers(&nowhere), "{path}");
        }
    }
    let no_id = get("/api/admin/users/nobody?limit=x").by_ada();
    ask(turned_away(|| AdmissionError::NotStaff), no_id)
        .await
        .is_problem(404, "NOT_FOUND", "Not found");
}

#[actix_web::test]
async fn other_methods_find_nothing_whoever_asks() {
    for (served, path) in OPERATIONS {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let is_served = OPERATIONS.contains(&(method, path));
            if method == served || is_served {
                continue;
            }
            for behind in [nothing(), staffed()] {
                let answer = ask(behind, call(method, path).by_ada()).await;
                answer.is_problem(404, "NOT_FOUND", "Not found");
                assert_eq!(answer.header("allow"), None);
            }
        }
    }
}

#[actix_web::test]
async fn whoever_is_not_signed_in_learns_that() {
    for (method, path) in OPERATIONS {
        ask(nothing(), call(method, path)).await.is_unauthorized();
    }
}

type Refused = (fn() -> AdmissionError, u16, &'static str, &'static str);

#[actix_web::test]
async fn staff_who_are_not_let_in_are_told_what_to_do() {
    let refusals: [Refused; 5] = [
        (
            || AdmissionError::EmailNotVerified,
            403,
            "EMAIL_NOT_VERIFIED",
            "Please verify your email address first",
        ),
        (
            || AdmissionError::SecondFactorMissing,
            403,
            "SECOND_FACTOR_REQUIRED",
            "Please set up a second factor first",
        ),
        (
            || AdmissionError::SecondFactorNotShown,
            403,
            "SECOND_FACTOR_PROOF_REQUIRED",
            "Please confirm with your second factor and try again",
        ),
        (
            || ReauthenticationRequired.into(),
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        ),
        (
            || PortError::unavailable("staff.role_of", "gone").into(),
            503,
            "SERVICE_UNAVAILABLE",
            "Service unavailable",
        ),
    ];
    for (why, status, code, sentence) in refusals {
        for (method, path) in OPERATIONS {
            let answer = ask(turned_away(why), call(method, path).by_ada()).await;
            answer.is_problem(status, code, sentence);
        }
    }
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
async fn a_change_names_whom_and_why_and_is_answered_with_what_became_of_it() {
    for (what, method, path, expected) in [
        (
            Intervention::Suspend,
            "POST",
            "suspend",
            json!({ "success": true, "ended": 2 }),
        ),
        (
            Intervention::Restore,
            "POST",
            "restore",
            json!({ "success": true, "message": "The account has been restored." }),
        ),
        (
            Intervention::Hold,
            "POST",
            "hold",
            json!({ "success": true, "message": "The account is on legal hold." }),
        ),
        (
            Intervention::Release,
            "POST",
            "release",
            json!({ "success": true, "message": "The account has been released." }),
        ),
        (
            Intervention::EndSessions,
            "DELETE",
            "sessions",
            json!({ "success": true, "ended": 2 }),
        ),
        (
            Intervention::SendPasswordReset,
            "POST",
            "send-password-reset",
            json!({ "success": true, "message": "The mail is on its way." }),
        ),
        (
            Intervention::SendVerification,
            "POST",
            "send-verification",
            json!({ "success": true, "message": "The mail is on its way." }),
        ),
    ] {
        let mut behind = staffed();
        behind
            .oversight
            .expect_intervene()
            .once()
            .withf(move |by, whom, asked, why| {
                *by == overseer()
                    && *whom == Whom::Id(bob())
                    && *asked == what
                    && why.as_ref().map(Reason::as_str) == Some("Ticket 4711")
            })
            .returning(|_, _, _, _| {
                Ok(Intervened {
                    user: bob(),
                    sessions: 2,
                    receipt: None,
                })
            });
        let path = format!("/api/admin/users/{}/{path}", bob());
        let answer = ask(behind, call(method, &path).by_ada()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json(), expected);
    }
}

#[actix_web::test]
async fn a_change_needs_a_reason_and_an_account_that_is_named_by_its_id() {
    for (method, path) in OPERATIONS.into_iter().filter(|(method, _)| *method != "GET") {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for (body, sentence) in [
            (json!({}), "Reason is required"),
            (json!({ "reason": " " }), "Reason is required"),
            (json!({ "reason": null }), "Reason is required"),
            (json!({ "reason": 7 }), "Reason must be a string"),
            (json!({ "reason": "x".repeat(501) }), "Reason is too long"),
            (
                json!({ "reason": "a\nb" }),
                "Reason contains characters that are not allowed",
            ),
        ] {
            let mut body = body;
            body["confirmation"] = json!(bob());
            let answer = ask(staffed(), send(method.clone(), path, &body).by_ada()).await;
            answer.has_violations(&[("reason", sentence)]);
        }
        let nobody = path.replace("0199d2f0-7c00-7000-8000-000000000001", "nobody");
        let answer = ask(
            staffed(),
            send(method, &nobody, &json!({ "reason": "x", "confirmation": bob() })).by_ada(),
        )
        .await;
        answer.is_problem(404, "USER_NOT_FOUND", "User not found");
    }
}

#[actix_web::test]
async fn an_erasure_names_the_account_twice_and_is_answered_with_its_receipt() {
    let erase = format!("/api/admin/users/{}/erase", bob());
    for (given, meant) in [
        (json!(bob()), Whom::Id(bob())),
        (
            json!(" Bob@example.com "),
            Whom::Address(EmailAddress::parse("bob@example.com").unwrap()),
        ),
    ] {
        let mut behind = staffed();
        behind
            .oversight
            .expect_erase()
            .once()
            .withf(move |by, whom, confirmation, why| {
                *by == overseer()
                    && *whom == Whom::Id(bob())
                    && *confirmation == meant
                    && why.as_ref().map(Reason::as_str) == Some("Case 12")
            })
            .returning(|_, _, _, _| {
                Ok(Intervened {
                    user: bob(),
                    sessions: 0,
                    receipt: Some(ErasureReceipt {
                        id: ErasureId::new(ada::noon(), &[9; 10]),
                        user: bob(),
                        basis: "operator".to_owned(),
                        by: Actor::Operator,
                        requested: None,
                        erased: ada::noon(),
                        counts: std::collections::BTreeMap::new(),
                    }),
                })
            });
        let wish = json!({ "reason": "Case 12", "confirmation": given });
        let answer = ask(behind, send(Method::POST, &erase, &wish).by_ada()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(
            answer.json(),
            json!({
                "success": true, "receiptId": ErasureId::new(ada::noon(), &[9; 10]), "erasedAt": "2025-10-27T12:00:00.000Z",
            })
        );
    }
    let names_nothing = "Confirmation must be the account's address or id";
    for (given, sentence) in [
        (Value::Null, "Confirmation is required"),
        (json!(" "), "Confirmation is required"),
        (json!(7), "Confirmation must be a string"),
        (json!("yes"), names_nothing),
    ] {
        let wish = json!({ "reason": "Case 12", "confirmation": given });
        let answer = ask(staffed(), send(Method::POST, &erase, &wish).by_ada()).await;
        answer.has_violations(&[("confirmation", sentence)]);
    }
    let mut behind = staffed();
    behind
        .oversight
        .expect_erase()
        .returning(|_, _, _, _| Err(OversightError::NotConfirmed));
    let another = json!({ "reason": "Case 12", "confirmation": "ada@example.com" });
    let answer = ask(behind, send(Method::POST, &erase, &another).by_ada()).await;
    answer.has_violations(&[("confirmation", names_nothing)]);
    let mut behind = staffed();
    behind.oversight.expect_erase().returning(|_, _, _, _| {
        Err(OversightError::NeedsOwners(vec![TenantStake {
            tenant: ada::tenant().id,
            name: "Engines".to_owned(),
            others: 1,
            fate: StakeFate::NeedsOwner,
        }]))
    });
    let wish = json!({ "reason": "Case 12", "confirmation": bob() });
    let answer = ask(behind, send(Method::POST, &erase, &wish).by_ada()).await;
    assert_eq!(answer.status, 409);
    let body = answer.json();
    assert_eq!(body["code"], "TENANTS_NEED_OWNER");
    assert_eq!(body["tenants"][0]["name"], "Engines");
}

type Failed = (fn() -> OversightError, u16, &'static str, &'static str);

#[actix_web::test]
async fn what_is_refused_is_told_apart() {
    let refusals: [Failed; 11] = [
        (|| OversightError::NotStaff, 404, "NOT_FOUND", "Not found"),
        (
            || Forbidden.into(),
            403,
            "FORBIDDEN_ROLE",
            "Your role does not allow this",
        ),
        (
            || OversightError::NoSuchAccount,
            404,
            "USER_NOT_FOUND",
            "User not found",
        ),
        (
            || OversightError::Oneself,
            403,
            "FORBIDDEN_ON_ONESELF",
            "You cannot do this to your own account",
        ),
        (
            || OversightError::Protected,
            403,
            "STAFF_PROTECTED",
            "This account belongs to staff of the same or a higher role",
        ),
        (
            || OversightError::Suspended,
            409,
            "ACCOUNT_SUSPENDED",
            "The account is suspended",
        ),
        (
            || OversightError::AlreadyVerified,
            409,
            "EMAIL_ALREADY_VERIFIED",
            "The email address is verified already",
        ),
        (
            || OversightError::Held,
            409,
            "ON_LEGAL_HOLD",
            "The account, or a tenant that would go with it, is on legal hold",
        ),
        (
            || OversightError::NotHeld,
            409,
            "NOT_ON_LEGAL_HOLD",
            "The account is not on legal hold",
        ),
        (
            || ReauthenticationRequired.into(),
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        ),
        (
            || PortError::unavailable("oversight.intervene", "gone").into(),
            503,
            "SERVICE_UNAVAILABLE",
            "Service unavailable",
        ),
    ];
    for (why, status, code, sentence) in refusals {
        let mut behind = staffed();
        behind
            .oversight
            .expect_intervene()
            .returning(move |_, _, _, _| Err(why()));
        behind.oversight.expect_erase().returning(move |_, _, _, _| Err(why()));
        let (method, path) = match code {
            "NOT_ON_LEGAL_HOLD" => OPERATIONS[5],
            "ON_LEGAL_HOLD" => OPERATIONS[6],
            "ACCOUNT_SUSPENDED" => OPERATIONS[8],
            "EMAIL_ALREADY_VERIFIED" => OPERATIONS[9],
            _ => OPERATIONS[2],
        };
        let answer = ask(behind, call(method, path).by_ada()).await;
        answer.is_problem(status, code, sentence);
    }
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
