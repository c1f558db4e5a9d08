//! `POST /api/auth/verify-email` and `POST /api/auth/resend-verification`

use rookery_core::domain::MailedCode;
use rookery_core::{Limit, LimitProfile, MailedProof, Refusal, VerificationError};
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
        .withf(|proof, caller| *proof == MailedProof::Token("vfy_abc".to_owned()) && caller.request_id.is_some())
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

#[actix_web::test]
async fn the_code_beside_the_link_will_do_with_the_address() {
    for typed in ["7KQ01-X2Z9F", "7kq01x2z9f", " 7kqoi x2z9f "] {
        let mut behind = nothing();
        behind
            .verification
            .expect_verify()
            .once()
            .withf(|proof, _| {
                *proof
                    == MailedProof::Code {
                        email: ada::email(),
                        code: MailedCode::parse("7KQ01-X2Z9F").unwrap(),
                    }
            })
            .returning(|_, _| Ok(ada::email()));
        let body = json!({"email": "ada@example.com", "code": typed});
        assert_eq!(ask(behind, post(VERIFY, &body)).await.status, 200, "{typed:?}");
    }
    let mut behind = nothing();
    behind
        .verification
        .expect_verify()
        .once()
        .withf(|proof, _| *proof == MailedProof::Token("vfy_abc".to_owned()))
        .returning(|_, _| Ok(ada::email()));
    let both = json!({"token": "vfy_abc", "email": "eve@example.com", "code": "7KQ01-X2Z9F"});
    assert_eq!(ask(behind, post(VERIFY, &both)).await.status, 200, "the token counts");
}

#[actix_web::test]
async fn a_code_and_its_address_are_judged_together() {
    for (body, expected) in [
        (json!({"code": "7KQ01-X2Z9F"}), vec![("email", "Invalid email address")]),
        (
            json!({"email": "ada@example.com", "code": ""}),
            vec![("code", "Code is required")],
        ),
        (
            json!({"email": "ada@example.com", "code": null}),
            vec![("code", "Code is required")],
        ),
        (
            json!({"email": "ada@example.com", "code": 7}),
            vec![("code", "Code must be a string")],
        ),
        (
            json!({"email": 1, "code": "7KQ01-X2Z9U"}),
            vec![
                ("email", "Invalid email address"),
                ("code", "Code must be 10 letters and digits"),
            ],
        ),
        (
            json!({"email": "ada@example.com"}),
            vec![("token", "Verification token is required")],
        ),
    ] {
        ask(nothing(), post(VERIFY, &body)).await.has_violations(&expected);
    }
}

#[actix_web::test]
async fn too_many_codes_are_a_429() {
    let rule = Limit::MailedCodeAddress.rule(LimitProfile::Default).unwrap();
    let mut behind = nothing();
    behind.verification.expect_verify().once().returning(move |_, _| {
        Err(VerificationError::Throttled(Refusal {
            limit: Limit::MailedCodeAddress,
            rule,
            retry_in: rule.window,
        }))
    });
    let body = json!({"email": "ada@example.com", "code": "7KQ01-X2Z9F"});
    let answer = ask(behind, post(VERIFY, &body)).await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("ratelimit-policy"), Some("\"mailed-code\";q=10;w=3600"));
}
