//! `POST /api/auth/verify-email` and `POST /api/auth/resend-verification`

use rookery_core::VerificationError;
use serde_json::json;

use crate::ada;
use crate::ask::{ask, get, post};
use crate::behind::nothing;

const VERIFY: &str = "/api/auth/verify-email";
const RESEND: &str = "/api/auth/resend-verification";

#[actix_web::test]
async fn a_token_verifies_the_address_it_was_mailed_to() {
    let mut behind = nothing();
    behind
        .verification
        .expect_verify()
        .once()
        .withf(|token, caller| token == "vfy_abc" && caller.request_id.is_some())
        .returning(|_, _| Ok(ada::email()));
    let answer = ask(behind, post(VERIFY, &json!({"token": "vfy_abc"}))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "message": "Email address has been verified successfully.",
            "data": {"email": "ada@example.com"},
        })
    );
}

#[actix_web::test]
async fn a_token_that_verifies_nothing_says_why() {
    type Refusal = fn() -> VerificationError;
    let table: [(Refusal, &str, &str); 3] = [
        (
            || VerificationError::TokenExpired,
            "TOKEN_EXPIRED",
            "Verification token has expired",
        ),
        (
            || VerificationError::TokenAlreadyUsed,
            "TOKEN_ALREADY_USED",
            "Verification token has already been used",
        ),
        (
            || VerificationError::InvalidToken,
            "INVALID_TOKEN",
            "Invalid verification token",
        ),
    ];
    for (refusal, code, sentence) in table {
        let mut behind = nothing();
        behind
            .verification
            .expect_verify()
            .once()
            .returning(move |_, _| Err(refusal()));
        ask(behind, post(VERIFY, &json!({"token": "vfy_abc"})))
            .await
            .is_problem(400, code, sentence);
    }
}

#[actix_web::test]
async fn a_token_is_needed() {
    for body in [
        json!({}),
        json!({"token": ""}),
        json!({"token": "  "}),
        json!({"token": null}),
    ] {
        ask(nothing(), post(VERIFY, &body))
            .await
            .has_violations(&[("token", "Verification token is required")]);
    }
    ask(nothing(), post(VERIFY, &json!({"token": {}})))
        .await
        .has_violations(&[("token", "Verification token must be a string")]);
}

// Proves: A74, ASVS 3.5.3
#[actix_web::test]
async fn following_a_link_uses_no_token_up() {
    let answer = ask(nothing(), get("/api/auth/verify-email?token=vfy_abc")).await;
    answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
}

// Proves: A13
#[actix_web::test]
async fn asking_for_another_mail_says_the_same_every_time() {
    for address in ["ada@example.com", "nobody@example.com"] {
        let mut behind = nothing();
        behind
            .verification
            .expect_resend()
            .once()
            .withf(move |email, _| email.as_str() == address)
            .returning(|_, _| Ok(()));
        let answer = ask(behind, post(RESEND, &json!({"email": address}))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json(),
            json!({
                "success": true,
                "message": "If an account with that email exists and is not verified yet, a verification link has been sent.",
            })
        );
    }
    ask(nothing(), post(RESEND, &json!({"email": "@"})))
        .await
        .has_violations(&[("email", "Invalid email address")]);
}
