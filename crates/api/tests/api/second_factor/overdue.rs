//! Sessions of whoever has not set up in time what their tenant asks for.

use actix_web::http::Method;
use chrono::Duration;
use rookery_core::domain::Timestamp;
use serde_json::Value;

use crate::ada;
use crate::ask::{ByAda, ask, get, send_raw};
use crate::behind::{Behind, ada_signed_in, nothing};

/// What a session may do that lacks the second factor its tenant asks for.
const OPEN: [&str; 7] = [
    "secondFactorStatus",
    "enrolTotp",
    "confirmTotp",
    "reauthenticate",
    "currentSession",
    "readProfile",
    "logOut",
];

fn overdue(due: Timestamp) -> Behind {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(move |_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.second_factor_due = Some(due);
        Ok(signed_in)
    });
    behind.consents.expect_due().returning(|_| Ok(Vec::new()));
    behind
}

#[actix_web::test]
async fn a_session_whose_second_factor_is_overdue_opens_nothing_but_setting_one_up() {
    let document: Value = serde_json::from_str(&rookery_api::openapi_json()).unwrap();
    let mut shut = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // Staff are asked for more, and to others nothing is here.
            if operation["security"].is_null() || path.starts_with("/api/admin/") {
                continue;
            }
            let name = operation["operationId"].as_str().unwrap();
            let path = path.replace("{id}", "x").replace("{tenantId}", "x");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let kind = match operation["requestBody"]["content"].as_object() {
                Some(kinds) => kinds.keys().next().unwrap(),
                None => "application/json",
            };
            let request = || send_raw(method.clone(), &path, kind, "{}").by_ada();
            // No use case expects a call: a door left open would be a 500, or a 400 about the body.
            let answer = ask(overdue(ada::noon()), request()).await;
            if OPEN.contains(&name) {
                assert_ne!(answer.status, 403, "{name}");
            } else {
                shut += 1;
                answer.is_problem(403, "SECOND_FACTOR_REQUIRED", "Please set up a second factor first");
                assert!(operation["responses"]["403"].is_object(), "{name}");
            }
            let still_time = ask(overdue(ada::noon() + Duration::seconds(1)), request()).await;
            assert_ne!(still_time.status, 403, "{name}");
        }
    }
    assert!(shut > 10, "{shut}");
}

#[actix_web::test]
async fn the_session_tells_by_when_a_second_factor_is_due() {
    let due = ada::noon() + Duration::days(7);
    let answer = ask(overdue(due), get("/api/auth/session").by_ada()).await;
    let session = &answer.json()["session"];
    assert_eq!(session["secondFactorRequiredBy"], "2025-11-03T12:00:00.000Z");
    let answer = ask(ada_signed_in(), get("/api/auth/session").by_ada()).await;
    assert_eq!(answer.json()["session"].get("secondFactorRequiredBy"), None);
}
