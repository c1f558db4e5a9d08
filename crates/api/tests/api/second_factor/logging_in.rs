//! The second step of a log-in.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::ChallengeToken;
use rookery_core::{
    FactorProof, Limit, LimitProfile, LogInOutcome, LoggedIn, Refusal, SecondFactorLogInError, SecondFactorRequired,
};
use serde_json::{Value, json};

use super::{CLEARED, code};
use crate::ada;
use crate::ask::{Answer, ByAda, ask, post, send};
use crate::behind::{ada_signed_in, nothing};

const SECOND_STEP: &str = "/api/auth/login/second-factor";

fn challenge() -> ChallengeToken {
    ChallengeToken::from_entropy([8; 32])
}

fn second_step(body: &Value) -> TestRequest {
    let cookie = format!("__Host-mfa={}", challenge().expose());
    post(SECOND_STEP, body).insert_header(("cookie", cookie))
}

fn device() -> rookery_core::domain::DeviceToken {
    rookery_core::domain::DeviceToken::from_entropy([6; 32])
}

#[actix_web::test]
async fn a_right_password_that_is_not_enough_opens_nothing_and_sets_a_cookie_of_its_own() {
    let mut behind = nothing();
    behind.authentication.expect_log_in().once().returning(|_| {
        Ok(LogInOutcome::SecondFactorRequired(SecondFactorRequired {
            token: challenge(),
            expires: ada::noon() + Duration::minutes(10),
            methods: vec![
                rookery_core::domain::AuthMethod::Totp,
                rookery_core::domain::AuthMethod::RecoveryCode,
            ],
        }))
    });
    let body = json!({"email": "ada@example.com", "password": "SecurePass123!"});
    let answer = ask(behind, post("/api/auth/login", &body)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "mfaRequired": true, "methods": ["totp", "recovery_code"]})
    );
    let cookie = format!(
        "__Host-mfa={}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600",
        challenge().expose()
    );
    assert_eq!(answer.set_cookies(), [cookie]);
}

#[actix_web::test]
async fn the_second_step_begins_the_session_and_ends_the_challenge() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_prove_second_factor()
        .once()
        .withf(|proved| {
            proved.challenge.digest() == challenge().digest()
                && proved.proof == FactorProof::Code(code())
                && proved.trust_device
                && proved.held.as_ref().map(rookery_core::domain::SessionToken::digest) == Some(ada::token().digest())
                && proved.device.as_ref().map(rookery_core::domain::DeviceToken::digest) == Some(device().digest())
        })
        .returning(|_| {
            Ok(LoggedIn {
                user: ada::user(),
                email: ada::email(),
                name: None,
                token: ada::other_token(),
                expires: ada::noon() + Duration::hours(24),
                remembered: false,
                device: device(),
                kept: false,
            })
        });
    let cookies = format!(
        "__Host-mfa={}; {}; __Host-did={}",
        challenge().expose(),
        ada::cookie(&ada::token()),
        device().expose()
    );
    let body = json!({"code": "001 234", "trustDevice": true});
    let answer = ask(behind, post(SECOND_STEP, &body).insert_header(("cookie", cookies))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["user"]["email"], "ada@example.com");
    let session = format!(
        "{}; Path=/; HttpOnly; SameSite=Lax; Secure",
        ada::cookie(&ada::other_token())
    );
    let cookies = answer.set_cookies();
    assert_eq!((cookies[0], cookies[2], cookies.len()), (session.as_str(), CLEARED, 3));
    assert!(cookies[1].starts_with("__Host-did="));
}

async fn refused(refusal: fn() -> SecondFactorLogInError) -> Answer {
    let mut behind = nothing();
    behind
        .authentication
        .expect_prove_second_factor()
        .once()
        .returning(move |_| Err(refusal()));
    ask(behind, second_step(&json!({"recoveryCode": "abcd-efgh-ijkl-mnop"}))).await
}

#[actix_web::test]
async fn what_the_second_step_can_refuse() {
    let answer = refused(|| SecondFactorLogInError::WrongCode).await;
    answer.is_problem(401, "INVALID_SECOND_FACTOR", "Invalid code");
    assert!(answer.set_cookies().is_empty(), "there are attempts left");
    let answer = refused(|| SecondFactorLogInError::ChallengeEnded).await;
    answer.is_problem(401, "CHALLENGE_EXPIRED", "Please log in with your password again");
    assert_eq!(answer.set_cookies(), [CLEARED]);
    let answer = refused(|| {
        SecondFactorLogInError::Throttled(Refusal {
            limit: Limit::SecondFactorUser,
            rule: Limit::SecondFactorUser.rule(LimitProfile::Default).unwrap(),
            retry_in: Duration::minutes(3),
        })
    })
    .await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("180"));
}

#[actix_web::test]
async fn without_its_cookie_there_is_no_second_step() {
    let token = challenge().expose();
    for cookie in [
        String::new(),
        format!("mfa={token}"),
        format!("__host-mfa={token}"),
        "__Host-mfa=nonsense".to_owned(),
        format!("__Host-mfa={token}; __Host-mfa={}", ada::token().expose()),
    ] {
        let request = post(SECOND_STEP, &json!({"code": "123456"})).insert_header(("cookie", cookie.as_str()));
        let answer = ask(nothing(), request).await;
        answer.is_problem(401, "CHALLENGE_EXPIRED", "Please log in with your password again");
    }
}

#[actix_web::test]
async fn bad_codes_are_told_before_anybody_counts_them() {
    const SIX: &str = "Code must be 6 digits";
    const SIXTEEN: &str = "Recovery code must be 16 letters and digits";
    for (body, path, message) in [
        (json!({}), "", "A code or a recovery code is required"),
        (json!({"code": null}), "code", "Code must be a string"),
        (json!({"code": 123_456}), "code", "Code must be a string"),
        (json!({"code": ["123456"]}), "code", "Code must be a string"),
        (json!({"code": ""}), "code", SIX),
        (json!({"code": "12345"}), "code", SIX),
        (json!({"code": "1234567"}), "code", SIX),
        (json!({"code": "12345a"}), "code", SIX),
        (json!({"code": "12345\u{0}"}), "code", SIX),
        (json!({"code": "1".repeat(9_000)}), "code", SIX),
        (
            json!({"recoveryCode": 7}),
            "recoveryCode",
            "Recovery code must be a string",
        ),
        (json!({"recoveryCode": "abcd"}), "recoveryCode", SIXTEEN),
        (json!({"recoveryCode": "abcd-efgh-ijkl-mno0"}), "recoveryCode", SIXTEEN),
        (
            json!({"code": "123456", "recoveryCode": "abcd-efgh-ijkl-mnop"}),
            "",
            "Give either a code or a recovery code",
        ),
        (
            json!({"code": "123456", "trustDevice": "yes"}),
            "trustDevice",
            "Trust device must be a boolean",
        ),
    ] {
        // Neither use case expects a call.
        ask(nothing(), second_step(&body))
            .await
            .has_violations(&[(path, message)]);
        if path == "trustDevice" {
            continue;
        }
        let remove = send(Method::DELETE, "/api/users/me/mfa/totp", &body).by_ada();
        ask(ada_signed_in(), remove).await.has_violations(&[(path, message)]);
        if body.get("recoveryCode").is_none() && !path.is_empty() {
            let message = if body["code"] == "" || body["code"].is_null() {
                "Code is required"
            } else {
                message
            };
            let confirm = post("/api/users/me/mfa/totp/confirm", &body).by_ada();
            ask(ada_signed_in(), confirm).await.has_violations(&[(path, message)]);
        }
    }
}
