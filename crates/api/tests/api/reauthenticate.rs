//! `POST /api/auth/reauthenticate`

use chrono::Duration;
use rookery_core::ports::PortError;
use rookery_core::{Limit, LimitProfile, Proof, ReauthenticationError, Refusal, RenewedSession};
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, ByAda, ask, post};
use crate::behind::{Behind, ada_signed_in, is_hers};

const PATH: &str = "/api/auth/reauthenticate";

fn renewing(remembered: bool) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .reauthentication
        .expect_prove()
        .once()
        .withf(|signed_in, asked| {
            let Proof::Password(password) = &asked.proof else {
                return false;
            };
            *signed_in == ada::signed_in()
                && is_hers(&asked.held)
                && password.expose() == "SecurePass123!"
                && asked.caller.request_id.is_some()
        })
        .returning(move |_, _| {
            Ok(RenewedSession {
                token: ada::other_token(),
                expires: ada::noon() + Duration::hours(2),
                remembered,
            })
        });
    behind
}

async fn prove(behind: Behind) -> Answer {
    ask(behind, post(PATH, &json!({"password": "SecurePass123!"})).by_ada()).await
}

async fn refused(refusal: fn() -> ReauthenticationError) -> Answer {
    let mut behind = ada_signed_in();
    behind
        .reauthentication
        .expect_prove()
        .once()
        .returning(move |_, _| Err(refusal()));
    let answer = prove(behind).await;
    assert!(answer.set_cookies().is_empty());
    answer
}

#[actix_web::test]
async fn a_right_proof_renews_the_cookie() {
    for (remembered, lifetime) in [(false, ""), (true, "; Max-Age=7200")] {
        let answer = prove(renewing(remembered)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({"success": true}));
        let cookie = format!(
            "{}; Path=/; HttpOnly; SameSite=Lax; Secure{lifetime}",
            ada::cookie(&ada::other_token())
        );
        assert_eq!(answer.set_cookies(), [cookie]);
    }
}

#[actix_web::test]
async fn a_bearer_token_is_renewed_as_the_cookie_is() {
    let request = post(PATH, &json!({"password": "SecurePass123!"}))
        .insert_header(("authorization", format!("Bearer {}", ada::token().expose())));
    assert_eq!(ask(renewing(false), request).await.status, 200);
}

#[actix_web::test]
async fn a_wrong_proof_is_forbidden_and_not_unauthorized() {
    refused(|| ReauthenticationError::WrongProof).await.is_problem(
        403,
        "INVALID_PROOF",
        "Password or code is incorrect",
    );
}

#[actix_web::test]
async fn too_many_wrong_proofs_are_a_429_that_says_when() {
    let answer = refused(|| {
        ReauthenticationError::Throttled(Refusal {
            limit: Limit::CurrentPassword,
            rule: Limit::CurrentPassword.rule(LimitProfile::Default).unwrap(),
            retry_in: Duration::seconds(90),
        })
    })
    .await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("90"));
}

#[actix_web::test]
async fn a_session_that_ended_or_was_renewed_meanwhile_is_a_401_that_leaves_the_cookie_alone() {
    refused(|| ReauthenticationError::NotSignedIn).await.is_unauthorized();
}

#[actix_web::test]
async fn what_could_not_be_compared_is_a_503() {
    let answer = refused(|| ReauthenticationError::Busy).await;
    answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
    let answer = refused(|| PortError::unavailable("sessions.renew", "refused").into()).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("2")));
}

#[actix_web::test]
async fn a_proof_is_needed() {
    for (body, sentence) in [
        (json!({}), "Password is required"),
        (json!({"password": ""}), "Password is required"),
        (json!({"password": null}), "Password is required"),
        (json!({"password": 1}), "Password must be a string"),
        (
            json!({"password": "x".repeat(257)}),
            "Password must be at most 256 characters",
        ),
    ] {
        ask(ada_signed_in(), post(PATH, &body).by_ada())
            .await
            .has_violations(&[("password", sentence)]);
    }
}

#[actix_web::test]
async fn one_proof_is_enough_and_two_are_one_too_many() {
    let either = "Give either a password, a code or a recovery code";
    for body in [
        json!({"password": "SecurePass123!", "code": "001234"}),
        json!({"password": "SecurePass123!", "recoveryCode": "ABCD-EFGH-IJKL-MNOP"}),
        json!({"password": null, "code": "001234"}),
        json!({"password": "SecurePass123!", "code": "001234", "recoveryCode": "ABCD-EFGH-IJKL-MNOP"}),
    ] {
        ask(ada_signed_in(), post(PATH, &body).by_ada())
            .await
            .has_violations(&[("", either)]);
    }
    for body in [
        json!({"code": null}),
        json!({"code": 1}),
        json!({"code": "12345"}),
        json!({"code": "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}"}),
        json!({"recoveryCode": []}),
        json!({"recoveryCode": "x"}),
        json!({"code": "001234", "recoveryCode": null}),
        json!({"code": "001234", "recoveryCode": "ABCD-EFGH-IJKL-MNOP"}),
    ] {
        // No use case expects a call.
        let answer = ask(ada_signed_in(), post(PATH, &body).by_ada()).await;
        assert!(!answer.violations().is_empty(), "{body}");
    }
}
