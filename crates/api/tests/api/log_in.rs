//! `POST /api/auth/login`

use chrono::Duration;
use rookery_core::domain::DeviceToken;
use rookery_core::{Limit, LimitProfile, LogIn, LogInError, LogInOutcome, LoggedIn, Refusal};
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, post};
use crate::behind::{Behind, is_hers, nothing};

const PATH: &str = "/api/auth/login";

fn begun(remembered: bool) -> LoggedIn {
    LoggedIn {
        user: ada::user(),
        email: ada::email(),
        name: None,
        token: ada::token(),
        expires: ada::noon() + Duration::days(30),
        remembered,
        device: device(),
        kept: false,
    }
}

/// By which the browser is known afterwards.
fn device() -> DeviceToken {
    DeviceToken::from_entropy([6; 32])
}

/// The `Set-Cookie` that says so.
fn known() -> String {
    format!(
        "__Host-did={}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000",
        device().expose()
    )
}

fn opening(expected: impl Fn(&LogIn) -> bool + Send + Sync + 'static) -> Behind {
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .once()
        .withf(expected)
        .returning(|log_in| Ok(LogInOutcome::LoggedIn(begun(log_in.remember_me))));
    behind
}

// Proves: A21, ASVS 3.3.1, 3.3.2
#[actix_web::test]
async fn a_session_begins_and_its_cookie_is_gone_with_the_browser() {
    let behind = opening(|log_in| {
        log_in.email == ada::email()
            && log_in.password.expose() == "SecurePass123!"
            && !log_in.remember_me
            && log_in.held.is_none()
    });
    let answer = ask(
        behind,
        post(PATH, &json!({"email": "ADA@example.com", "password": "SecurePass123!"})),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "user": {"id": ada::user(), "email": "ada@example.com", "name": null}})
    );
    let cookie = format!("{}; Path=/; HttpOnly; SameSite=Lax; Secure", ada::cookie(&ada::token()));
    assert_eq!(answer.set_cookies(), [cookie, known()]);
    assert!(!answer.text.contains(&device().expose()));
    assert!(!answer.text.contains(&ada::token().expose()));
}

#[actix_web::test]
async fn a_remembered_session_has_a_cookie_that_lasts_as_long() {
    let behind = opening(|log_in| log_in.remember_me);
    let body = json!({"email": "ada@example.com", "password": "SecurePass123!", "rememberMe": true});
    let answer = ask(behind, post(PATH, &body)).await;
    let cookie = format!(
        "{}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=2592000",
        ada::cookie(&ada::token())
    );
    assert_eq!(answer.set_cookies(), [cookie, known()]);
}

#[actix_web::test]
async fn on_this_machine_the_cookie_works_over_plain_http() {
    for public_url in ["http://localhost:8080", "http://127.0.0.1:8080"] {
        let behind = Behind {
            public_url,
            ..opening(|_| true)
        };
        let answer = ask(
            behind,
            post(PATH, &json!({"email": "ada@example.com", "password": "x"})),
        )
        .await;
        let cookie = format!("sid={}; Path=/; HttpOnly; SameSite=Lax", ada::token().expose());
        let known = format!(
            "did={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
            device().expose()
        );
        assert_eq!(answer.set_cookies(), [cookie, known]);
    }
}

#[actix_web::test]
async fn the_session_this_browser_held_is_handed_over_to_be_ended() {
    let behind = opening(|log_in| log_in.held.as_ref().is_some_and(is_hers));
    let request = post(PATH, &json!({"email": "ada@example.com", "password": "x"})).by_ada();
    assert_eq!(ask(behind, request).await.status, 200);
}

#[actix_web::test]
async fn a_planted_or_broken_cookie_is_no_reason_not_to_log_in() {
    for cookie in [
        "__Host-sid=garbage",
        "sid=x",
        "__Host-sid=",
        ";;;=;",
        "__Host-sid=a; __Host-sid=b",
    ] {
        let behind = opening(|log_in| log_in.held.is_none());
        let request =
            post(PATH, &json!({"email": "ada@example.com", "password": "x"})).insert_header(("cookie", cookie));
        assert_eq!(ask(behind, request).await.status, 200, "{cookie}");
    }
}

// Proves: A13
#[actix_web::test]
async fn wrong_credentials_say_one_thing_and_set_nothing() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .once()
        .returning(|_| Err(LogInError::InvalidCredentials));
    let answer = ask(
        behind,
        post(PATH, &json!({"email": "ada@example.com", "password": "wrong"})),
    )
    .await;
    answer.is_problem(401, "INVALID_CREDENTIALS", "Invalid email or password");
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn address_and_password_are_needed() {
    let both = [("email", "Invalid email address"), ("password", "Password is required")];
    for body in [
        json!({}),
        json!({"email": "", "password": ""}),
        json!({"email": null, "password": null}),
    ] {
        ask(nothing(), post(PATH, &body)).await.has_violations(&both);
    }
    let body = json!({"email": "ada@example.com", "password": "x".repeat(257), "rememberMe": 1});
    ask(nothing(), post(PATH, &body)).await.has_violations(&[
        ("password", "Password must be at most 256 characters"),
        ("rememberMe", "Remember me must be a boolean"),
    ]);
}

#[actix_web::test]
async fn a_short_or_common_password_is_judged_by_the_use_case_alone() {
    for password in ["a", "password", "ada@example.com", "\0", "пароль", "  "] {
        let behind = opening(move |log_in| log_in.password.expose() == password);
        let answer = ask(
            behind,
            post(PATH, &json!({"email": "ada@example.com", "password": password})),
        )
        .await;
        assert_eq!(answer.status, 200, "{password:?}");
    }
}

#[actix_web::test]
async fn the_device_this_browser_shows_is_handed_over() {
    let shown = format!("__Host-did={}", device().expose());
    let behind = opening(|log_in| {
        log_in
            .device
            .as_ref()
            .is_some_and(|shown| shown.digest() == device().digest())
    });
    let request = post(PATH, &json!({"email": "ada@example.com", "password": "x"})).insert_header(("cookie", shown));
    assert_eq!(ask(behind, request).await.status, 200);
    for cookie in [
        format!("did={}", device().expose()),
        format!("__host-did={}", device().expose()),
        format!("__Host-did={}; __Host-did={}", device().expose(), ada::token().expose()),
        "__Host-did=garbage".to_owned(),
        // A session's token is no device's, though it is spelt alike.
        format!("__Host-sid={}", device().expose()),
    ] {
        let behind = opening(|log_in| log_in.device.is_none());
        let request = post(PATH, &json!({"email": "ada@example.com", "password": "x"}))
            .insert_header(("cookie", cookie.as_str()));
        assert_eq!(ask(behind, request).await.status, 200, "{cookie}");
    }
}

/// ATTACKS A31: a locked address says so in one way.
#[actix_web::test]
async fn a_locked_address_is_a_429_that_says_how_long() {
    let mut behind = nothing();
    behind.authentication.expect_log_in().once().returning(|_| {
        Err(LogInError::Throttled(Refusal {
            limit: Limit::LogInAddress,
            rule: Limit::LogInAddress.rule(LimitProfile::Default).unwrap(),
            retry_in: Duration::milliseconds(1_799_001),
        }))
    });
    let answer = ask(
        behind,
        post(PATH, &json!({"email": "ada@example.com", "password": "x"})),
    )
    .await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("1800"));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"log-in-address\";q=5;w=900"));
    assert_eq!(answer.header("ratelimit"), Some("\"log-in-address\";r=0;t=1800"));
    assert!(answer.set_cookies().is_empty());
}
