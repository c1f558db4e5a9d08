//! Who gets in.

use actix_web::http::Method;
use rookery_core::{AdmissionError, PortError, ReauthenticationRequired};
use serde_json::json;

use super::{OPERATIONS, Refused, call, headers, staffed};
use crate::ask::{ByAda, ask, get, send};
use crate::behind::{Behind, ada_signed_in, nothing};

/// Ada is not let in, for this reason.
fn turned_away(why: fn() -> AdmissionError) -> Behind {
    let mut behind = ada_signed_in();
    behind.oversight.expect_admit().returning(move |_, _| Err(why()));
    behind
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
