//! `POST /api/auth/forgot-password` and `POST /api/auth/reset-password`

use rookery_core::domain::{MailedCode, Violations};
use rookery_core::{MailedProof, RecoveryError};
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, post};
use crate::behind::nothing;

const FORGOT: &str = "/api/auth/forgot-password";
const RESET: &str = "/api/auth/reset-password";

// Proves: A13
#[actix_web::test]
async fn asking_for_a_reset_mail_says_the_same_every_time() {
    for address in ["ada@example.com", "nobody@example.com"] {
        let mut behind = nothing();
        behind
            .recovery
            .expect_request()
            .once()
            .withf(move |email, caller| email.as_str() == address && caller.request_id.is_some())
            .returning(|_, _| Ok(()));
        let answer = ask(behind, post(FORGOT, &json!({"email": address}))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json(),
            json!({
                "success": true,
                "message": "If an account with that email exists, a password reset link has been sent.",
            })
        );
        assert!(answer.set_cookies().is_empty());
    }
}

#[actix_web::test]
async fn a_reset_mail_needs_an_address() {
    for body in [
        json!({}),
        json!({"email": "ada"}),
        json!({"email": null}),
        json!({"email": ["ada@example.com"]}),
    ] {
        ask(nothing(), post(FORGOT, &body))
            .await
            .has_violations(&[("email", "Invalid email address")]);
    }
}

// Proves: A01
#[actix_web::test]
async fn a_reset_signs_nobody_in() {
    let mut behind = nothing();
    behind
        .recovery
        .expect_reset()
        .once()
        .withf(|reset| {
            reset.proof == MailedProof::Token("rst_abc".to_owned())
                && reset.new_password.as_attempt().expose() == "NewSecurePass123!"
        })
        .returning(|_| Ok(()));
    let request = post(RESET, &json!({"token": "rst_abc", "newPassword": "NewSecurePass123!"})).by_ada();
    let answer = ask(behind, request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "message": "Password has been reset successfully. You can now log in with your new password.",
        })
    );
    assert!(answer.set_cookies().is_empty());
}

// Proves: A04, A15
#[actix_web::test]
async fn every_bad_token_is_the_same_bad_token() {
    for token in ["rst_used", "vfy_other", "x", "\0", "'; DROP TABLE users; --", "💣"] {
        let mut behind = nothing();
        behind
            .recovery
            .expect_reset()
            .once()
            .returning(|_| Err(RecoveryError::InvalidToken));
        let answer = ask(
            behind,
            post(RESET, &json!({"token": token, "newPassword": "NewSecurePass123!"})),
        )
        .await;
        answer.is_problem(400, "INVALID_OR_EXPIRED_TOKEN", "Invalid or expired reset token");
    }
}

// Proves: A01
#[actix_web::test]
async fn a_bad_new_password_is_told_before_the_token_is_touched() {
    for (body, expected) in [
        (
            json!({}),
            vec![
                ("token", "Reset token is required"),
                ("newPassword", "New password is required"),
            ],
        ),
        (
            json!({"token": " ", "newPassword": "short"}),
            vec![
                ("token", "Reset token is required"),
                ("newPassword", "Password must be at least 8 characters"),
            ],
        ),
        (
            json!({"token": "rst_abc", "newPassword": "password123"}),
            vec![("newPassword", "Password is too common and easy to guess")],
        ),
        (
            json!({"token": 1, "newPassword": 12_345_678}),
            vec![
                ("token", "Reset token must be a string"),
                ("newPassword", "New password must be a string"),
            ],
        ),
        (
            json!({"token": "rst_abc", "newPassword": "Rookery!"}),
            vec![(
                "newPassword",
                "Password must not be your email address, your name or the name of this service",
            )],
        ),
    ] {
        ask(nothing(), post(RESET, &body)).await.has_violations(&expected);
    }
}

#[actix_web::test]
async fn what_the_persons_own_rules_refuse_is_told_field_by_field() {
    let mut behind = nothing();
    behind.recovery.expect_reset().once().returning(|_| {
        Err(RecoveryError::Invalid(Violations::of(
            "newPassword",
            "Password must contain a symbol",
        )))
    });
    let answer = ask(
        behind,
        post(RESET, &json!({"token": "rst_abc", "newPassword": "horse battery"})),
    )
    .await;
    answer.has_violations(&[("newPassword", "Password must contain a symbol")]);
}

#[actix_web::test]
async fn the_code_beside_the_link_will_do_with_the_address() {
    let mut behind = nothing();
    behind
        .recovery
        .expect_reset()
        .once()
        .withf(|reset| {
            reset.proof
                == MailedProof::Code {
                    email: ada::email(),
                    code: MailedCode::parse("7KQ01-X2Z9F").unwrap(),
                }
        })
        .returning(|_| Ok(()));
    let body = json!({"email": "ada@example.com", "code": "7kqoi x2z9f", "newPassword": "NewSecurePass123!"});
    assert_eq!(ask(behind, post(RESET, &body)).await.status, 200);

    let body = json!({"email": "@", "code": "7KQ01", "newPassword": "short"});
    ask(nothing(), post(RESET, &body)).await.has_violations(&[
        ("email", "Invalid email address"),
        ("code", "Code must be 10 letters and digits"),
        ("newPassword", "Password must be at least 8 characters"),
    ]);
}
