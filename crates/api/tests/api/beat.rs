//! Answers whose time must tell nothing. Time stands still in these tests, and jumps to whatever is waited for.

use std::time::Duration;

use rookery_core::domain::DeviceToken;
use rookery_core::{LogInError, LogInOutcome, LoggedIn};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{ask, post};
use crate::behind::{Behind, nothing};
use rookery_api::SignUpConflict;

const BEAT: Duration = Duration::from_millis(50);

/// How many whole beats asking took, and the status.
async fn taken(mut behind: Behind, path: &str, body: &Value) -> (u128, u16) {
    behind.beat = BEAT;
    let began = tokio::time::Instant::now();
    let answer = ask(behind, post(path, body)).await;
    (began.elapsed().as_millis() / BEAT.as_millis(), answer.status.as_u16())
}

// Proves: A14
#[actix_web::test]
async fn whoever_asks_for_a_mail_is_answered_on_the_beat() {
    tokio::time::pause();
    let ada = json!({"email": "ada@example.com"});
    let mut behind = nothing();
    behind.recovery.expect_request().returning(|_, _| Ok(()));
    assert_eq!(taken(behind, "/api/auth/forgot-password", &ada).await, (1, 200));
    let mut behind = nothing();
    behind.verification.expect_resend().returning(|_, _| Ok(()));
    assert_eq!(taken(behind, "/api/auth/resend-verification", &ada).await, (1, 200));
}

#[actix_web::test]
async fn a_sign_up_that_must_not_tell_is_answered_on_the_beat() {
    tokio::time::pause();
    let body = json!({"email": "ada@example.com", "password": "correct horse battery"});
    let mut behind = nothing();
    behind.sign_up_conflict = SignUpConflict::Neutral;
    behind.registration.expect_register_discreetly().returning(|_| Ok(()));
    assert_eq!(taken(behind, "/api/auth/signup", &body).await, (1, 202));
}

// Proves: A14
#[actix_web::test]
async fn a_refused_log_in_waits_for_the_beat_and_a_granted_one_does_not() {
    tokio::time::pause();
    let body = json!({"email": "ada@example.com", "password": "correct horse battery"});
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .returning(|_| Err(LogInError::InvalidCredentials));
    assert_eq!(taken(behind, "/api/auth/login", &body).await, (1, 401));
    let mut behind = nothing();
    behind.authentication.expect_log_in().returning(|_| {
        Ok(LogInOutcome::LoggedIn(LoggedIn {
            user: ada::user(),
            email: ada::email(),
            name: None,
            token: ada::token(),
            expires: ada::noon() + chrono::Duration::days(1),
            remembered: false,
            device: DeviceToken::from_entropy([6; 32]),
            kept: false,
        }))
    });
    assert_eq!(taken(behind, "/api/auth/login", &body).await, (0, 200));
}
