//! `POST /api/auth/undo`

use rookery_core::RestorationError;
use serde_json::json;

use crate::ask::{Answer, ByAda, ask, get, post};
use crate::behind::nothing;

const PATH: &str = "/api/auth/undo";

async fn refused(token: &str, refusal: fn() -> RestorationError) -> Answer {
    let mut behind = nothing();
    behind
        .restoration
        .expect_undo()
        .once()
        .returning(move |_, _| Err(refusal()));
    ask(behind, post(PATH, &json!({"token": token}))).await
}

// Proves: A58
#[actix_web::test]
async fn an_undo_needs_the_token_and_nobody_s_session_and_signs_nobody_in() {
    let mut behind = nothing();
    behind
        .restoration
        .expect_undo()
        .once()
        .withf(|token, caller| token == "und_abc" && caller.request_id.is_some())
        .returning(|_, _| Ok(()));
    let answer = ask(behind, post(PATH, &json!({"token": "und_abc"})).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "message": "The change has been undone and everybody has been signed out. Please set a new password with the \
                        link that has been sent to you.",
        })
    );
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn every_token_that_undoes_nothing_gets_one_answer() {
    for token in ["und_used", "rst_other", "x", "\0", "'; DROP TABLE users; --", "💣"] {
        refused(token, || RestorationError::InvalidToken).await.is_problem(
            400,
            "INVALID_OR_EXPIRED_TOKEN",
            "Invalid or expired token",
        );
    }
}

#[actix_web::test]
async fn a_token_is_needed_to_undo() {
    for body in [
        json!({}),
        json!({"token": ""}),
        json!({"token": "  "}),
        json!({"token": null}),
    ] {
        ask(nothing(), post(PATH, &body))
            .await
            .has_violations(&[("token", "Token is required")]);
    }
    ask(nothing(), post(PATH, &json!({"token": 1})))
        .await
        .has_violations(&[("token", "Token must be a string")]);
}

// Proves: A74
#[actix_web::test]
async fn following_the_link_undoes_nothing() {
    // `restoration` expects no call.
    let answer = ask(nothing(), get("/api/auth/undo?token=und_abc")).await;
    answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
}
