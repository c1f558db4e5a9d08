//! What is not the client's fault: a busy hasher, a lost database, a broken row, a panic.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::ports::PortError;
use rookery_core::{
    ChangeEmailError, ChangePasswordError, ConfirmEmailError, EndSessionError, LogInError, ProfileError,
    ReauthenticationError, RecoveryError, RegistrationError, RestorationError, SessionError, VerificationError,
};
use serde_json::{Value, json};

use crate::ask::{Answer, ByAda, ask, get, patch, post};
use crate::behind::{Behind, ada_signed_in, nothing};

const SECRET: &str = "connection to postgres://rookery:hunter2@10.0.0.5 refused";

/// Everything behind the door fails in this way, but for the look-up of Ada's session if that is to work.
fn failing(mut behind: Behind, failure: fn() -> PortError) -> Behind {
    behind
        .registration
        .expect_register()
        .returning(move |_| Err(RegistrationError::Port(failure())));
    behind
        .authentication
        .expect_log_in()
        .returning(move |_| Err(LogInError::Port(failure())));
    behind
        .sessions
        .expect_authenticate()
        .returning(move |_| Err(SessionError::Port(failure())));
    behind
        .sessions
        .expect_log_out()
        .returning(move |_, _| Err(SessionError::Port(failure())));
    behind.sessions.expect_list().returning(move |_| Err(failure()));
    behind
        .sessions
        .expect_end()
        .returning(move |_, _, _| Err(EndSessionError::Port(failure())));
    behind
        .sessions
        .expect_end_others()
        .returning(move |_, _| Err(EndSessionError::Port(failure())));
    behind
        .reauthentication
        .expect_prove()
        .returning(move |_, _| Err(ReauthenticationError::Port(failure())));
    behind
        .verification
        .expect_verify()
        .returning(move |_, _| Err(VerificationError::Port(failure())));
    behind
        .verification
        .expect_resend()
        .returning(move |_, _| Err(failure()));
    behind.recovery.expect_request().returning(move |_, _| Err(failure()));
    behind
        .recovery
        .expect_reset()
        .returning(move |_| Err(RecoveryError::Port(failure())));
    behind
        .passwords
        .expect_change()
        .returning(move |_, _| Err(ChangePasswordError::Port(failure())));
    behind
        .addresses
        .expect_request()
        .returning(move |_, _| Err(ChangeEmailError::Port(failure())));
    behind.addresses.expect_cancel().returning(move |_, _| Err(failure()));
    behind
        .addresses
        .expect_confirm()
        .returning(move |_, _| Err(ConfirmEmailError::Port(failure())));
    behind
        .restoration
        .expect_undo()
        .returning(move |_, _| Err(RestorationError::Port(failure())));
    behind
        .profiles
        .expect_read()
        .returning(move |_| Err(SessionError::Port(failure())));
    behind
        .profiles
        .expect_update()
        .returning(move |_, _, _| Err(ProfileError::Port(failure())));
    behind
}

/// A good request to every route behind which something can fail, and the answers to it.
async fn answers(failure: fn() -> PortError) -> Vec<Answer> {
    let address = json!({"email": "ada@example.com"});
    let credentials = json!({"email": "ada@example.com", "password": "SecurePass123!"});
    let reset = json!({"token": "rst_abc", "newPassword": "NewSecurePass123!"});
    let change = json!({"currentPassword": "SecurePass123!", "newPassword": "NewSecurePass123!"});
    let requests: [fn(&[Value; 4]) -> TestRequest; 19] = [
        |[_, credentials, _, _]| post("/api/auth/signup", credentials),
        |[_, credentials, _, _]| post("/api/auth/login", credentials),
        |_| post("/api/auth/logout", &json!({})),
        |_| get("/api/auth/session"),
        |[address, _, _, _]| post("/api/auth/forgot-password", address),
        |[_, _, reset, _]| post("/api/auth/reset-password", reset),
        |_| post("/api/auth/verify-email", &json!({"token": "vfy_abc"})),
        |[address, _, _, _]| post("/api/auth/resend-verification", address),
        |_| post("/api/auth/confirm-email", &json!({"token": "chg_abc"})),
        |_| post("/api/auth/undo", &json!({"token": "und_abc"})),
        |_| get("/api/users/me"),
        |_| patch("/api/users/me", &json!({"theme": "dark"})),
        |[_, _, _, change]| post("/api/users/me/change-password", change),
        |_| {
            post(
                "/api/users/me/change-email",
                &json!({"newEmail": "ada@new.example", "password": "SecurePass123!"}),
            )
        },
        |_| TestRequest::delete().uri("/api/users/me/change-email"),
        |[_, credentials, _, _]| post("/api/auth/reauthenticate", credentials),
        |_| get("/api/auth/sessions"),
        |_| post("/api/auth/sessions/revoke-others", &json!({})),
        |_| TestRequest::delete().uri("/api/auth/sessions/0199d2f0-7c00-7000-8000-000000000002"),
    ];
    let bodies = [address, credentials, reset, change];
    let mut answers = Vec::new();
    for request in requests {
        answers.push(ask(failing(nothing(), failure), request(&bodies).by_ada()).await);
    }
    // The same where the session is found and what comes after it fails.
    for request in &requests[11..] {
        answers.push(ask(failing(ada_signed_in(), failure), request(&bodies).by_ada()).await);
    }
    answers
}

#[actix_web::test]
async fn what_may_work_a_little_later_is_a_503_that_says_when() {
    for answer in answers(|| PortError::unavailable("store.ask", SECRET)).await {
        answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
        assert_eq!(answer.header("retry-after"), Some("2"));
        assert!(answer.set_cookies().is_empty());
    }
}

// Proves: ASVS 4.1.1, 16.5.1
#[actix_web::test]
async fn what_waiting_will_not_mend_is_a_500_without_a_detail() {
    for answer in answers(|| PortError::broken("store.ask", SECRET)).await {
        answer.is_problem(500, "INTERNAL_ERROR", "Internal server error");
        assert_eq!(answer.header("retry-after"), None);
        assert!(answer.set_cookies().is_empty());
    }
}

#[actix_web::test]
async fn a_busy_hasher_is_a_503_that_says_come_back_in_a_second() {
    let credentials = json!({"email": "ada@example.com", "password": "SecurePass123!"});
    let mut sign_up = nothing();
    sign_up
        .registration
        .expect_register()
        .once()
        .returning(|_| Err(RegistrationError::Busy));
    let mut log_in = nothing();
    log_in
        .authentication
        .expect_log_in()
        .once()
        .returning(|_| Err(LogInError::Busy));
    let mut reset = nothing();
    reset
        .recovery
        .expect_reset()
        .once()
        .returning(|_| Err(RecoveryError::Busy));
    let mut change = ada_signed_in();
    change
        .passwords
        .expect_change()
        .once()
        .returning(|_, _| Err(ChangePasswordError::Busy));
    for (behind, path, body) in [
        (sign_up, "/api/auth/signup", credentials.clone()),
        (log_in, "/api/auth/login", credentials),
        (
            reset,
            "/api/auth/reset-password",
            json!({"token": "rst_abc", "newPassword": "NewSecurePass123!"}),
        ),
        (
            change,
            "/api/users/me/change-password",
            json!({"currentPassword": "SecurePass123!", "newPassword": "NewSecurePass123!"}),
        ),
    ] {
        let answer = ask(behind, post(path, &body).by_ada()).await;
        answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}

// Proves: A80
#[actix_web::test]
async fn a_panic_in_a_handler_is_a_500_and_the_next_request_is_served() {
    for method in [Method::GET, Method::HEAD] {
        let mut behind = nothing();
        behind
            .profiles
            .expect_read()
            .once()
            .returning(|_| panic!("index out of bounds: hunter2"));
        let answer = ask(behind, TestRequest::with_uri("/api/users/me").method(method).by_ada()).await;
        answer.is_problem(500, "INTERNAL_ERROR", "Internal server error");
        assert_eq!(
            answer.header("strict-transport-security"),
            Some("max-age=63072000; includeSubDomains")
        );
    }
    assert_eq!(ask(nothing(), get("/api/health/live")).await.status, 200);
}

// Proves: A46, ASVS 3.3.4, 15.3.1
#[actix_web::test]
async fn nothing_hidden_is_ever_in_an_answer() {
    for answer in answers(|| PortError::broken("store.ask", SECRET)).await {
        for word in ["postgres", "hunter2", "store", "SecurePass", "rst_abc", "ada@"] {
            assert!(!answer.text.contains(word), "{}", answer.text);
        }
    }
}
