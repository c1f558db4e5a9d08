//! `POST /api/auth/unlock`

use rookery_core::domain::DeviceToken;
use rookery_core::{UnlockError, Unlocked};
use serde_json::json;

use crate::ask::{ask, get, post};
use crate::behind::nothing;

const PATH: &str = "/api/auth/unlock";

fn device() -> DeviceToken {
    DeviceToken::from_entropy([6; 32])
}

// Proves: A58
#[actix_web::test]
async fn a_lifted_lock_makes_the_browser_known_and_signs_nobody_in() {
    for (cookie, shows) in [
        ("a=b".to_owned(), false),
        (format!("__Host-did={}", device().expose()), true),
    ] {
        let mut behind = nothing();
        behind
            .unlocking
            .expect_unlock()
            .once()
            .withf(move |unlock| {
                unlock.token == "unl_abc" && unlock.device.is_some() == shows && unlock.caller.request_id.is_some()
            })
            .returning(|_| Ok(Unlocked { device: device() }));
        let request = post(PATH, &json!({"token": "unl_abc"})).insert_header(("cookie", cookie));
        let answer = ask(behind, request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json(),
            json!({"success": true, "message": "The lock has been lifted. You can log in now."})
        );
        let known = format!(
            "__Host-did={}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000",
            device().expose()
        );
        assert_eq!(answer.set_cookies(), [known]);
        assert!(!answer.text.contains(&device().expose()));
    }
}

#[actix_web::test]
async fn every_token_that_lifts_no_lock_gets_one_answer() {
    for token in ["unl_used", "rst_other", "x", "\0", "'; DROP TABLE users; --"] {
        let mut behind = nothing();
        behind
            .unlocking
            .expect_unlock()
            .once()
            .returning(|_| Err(UnlockError::InvalidToken));
        let answer = ask(behind, post(PATH, &json!({"token": token}))).await;
        answer.is_problem(400, "INVALID_OR_EXPIRED_TOKEN", "Invalid or expired token");
        assert!(answer.set_cookies().is_empty());
    }
}

// Proves: A74
#[actix_web::test]
async fn following_the_link_lifts_no_lock() {
    // `unlocking` expects no call.
    let answer = ask(nothing(), get("/api/auth/unlock?token=unl_abc")).await;
    answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
}

#[actix_web::test]
async fn a_token_is_needed_to_lift_a_lock() {
    ask(nothing(), post(PATH, &json!({})))
        .await
        .has_violations(&[("token", "Token is required")]);
}
