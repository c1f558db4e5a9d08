//! `POST` and `DELETE /api/users/me/change-email`, `POST /api/auth/confirm-email`

use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{EmailAddress, Violations};
use rookery_core::{ChangeEmailError, ConfirmEmailError, Limit, Refusal, Rule};
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, post};
use crate::behind::{ada_signed_in, nothing};

const PATH: &str = "/api/users/me/change-email";
const CONFIRM: &str = "/api/auth/confirm-email";

fn refusal() -> Refusal {
    Refusal {
        limit: Limit::CurrentPassword,
        rule: Rule {
            quota: 5,
            window: Duration::minutes(15),
            lock: None,
        },
        retry_in: Duration::seconds(90),
    }
}

async fn refused(refusal: fn() -> ChangeEmailError) -> Answer {
    let mut behind = ada_signed_in();
    behind
        .addresses
        .expect_request()
        .once()
        .returning(move |_, _| Err(refusal()));
    let body = json!({"newEmail": "ada@new.example", "password": "SecurePass123!"});
    ask(behind, post(PATH, &body).by_ada()).await
}

#[actix_web::test]
async fn a_wish_for_another_address_is_taken_with_the_password() {
    let mut behind = ada_signed_in();
    behind
        .addresses
        .expect_request()
        .once()
        .withf(|signed_in, change| {
            *signed_in == ada::signed_in()
                && change.new_email.as_str() == "Ada@new.example"
                && change.password.expose() == "SecurePass123!"
                && change.caller.request_id.is_some()
        })
        .returning(|_, _| Ok(()));
    let body = json!({"newEmail": " Ada@New.Example ", "password": "SecurePass123!"});
    let answer = ask(behind, post(PATH, &body).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "message": "Please confirm the new address with the link that has been sent to it.",
        })
    );
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn every_reason_against_a_wish_has_its_answer() {
    refused(|| ChangeEmailError::NotSignedIn).await.is_unauthorized();
    refused(|| ChangeEmailError::Invalid(Violations::of("newEmail", "New email must be different")))
        .await
        .has_violations(&[("newEmail", "New email must be different")]);
    refused(|| ChangeEmailError::WrongPassword).await.is_problem(
        403,
        "INVALID_CURRENT_PASSWORD",
        "Current password is incorrect",
    );
    refused(|| ChangeEmailError::EmailTaken)
        .await
        .is_problem(409, "EMAIL_ALREADY_EXISTS", "Email already exists");
    let busy = refused(|| ChangeEmailError::Busy).await;
    assert_eq!((busy.status.as_u16(), busy.header("retry-after")), (503, Some("1")));
    let often = refused(|| ChangeEmailError::Throttled(refusal())).await;
    often.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(often.header("retry-after"), Some("90"));
}

#[actix_web::test]
async fn both_fields_are_needed() {
    for (body, expected) in [
        (
            json!({}),
            vec![
                ("newEmail", "Invalid email address"),
                ("password", "Password is required"),
            ],
        ),
        (
            json!({"newEmail": "ada", "password": ""}),
            vec![
                ("newEmail", "Invalid email address"),
                ("password", "Password is required"),
            ],
        ),
        (
            json!({"newEmail": "ada@new.example", "password": []}),
            vec![("password", "Password must be a string")],
        ),
        (
            json!({"newEmail": ["ada@new.example"], "password": "x"}),
            vec![("newEmail", "Invalid email address")],
        ),
    ] {
        ask(ada_signed_in(), post(PATH, &body).by_ada())
            .await
            .has_violations(&expected);
    }
}

#[actix_web::test]
async fn a_change_is_called_off_by_whoever_is_signed_in() {
    let delete = || TestRequest::delete().uri(PATH);
    ask(nothing(), delete()).await.is_unauthorized();
    let mut behind = ada_signed_in();
    behind
        .addresses
        .expect_cancel()
        .once()
        .withf(|signed_in, caller| *signed_in == ada::signed_in() && caller.request_id.is_some())
        .returning(|_, _| Ok(()));
    let answer = ask(behind, delete().by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "message": "The email address stays as it is."})
    );
}

#[actix_web::test]
async fn a_token_confirms_the_address_it_was_mailed_to() {
    let mut behind = nothing();
    behind
        .addresses
        .expect_confirm()
        .once()
        .withf(|token, caller| token == "chg_abc" && caller.request_id.is_some())
        .returning(|_, _| Ok(EmailAddress::parse("ada@new.example").unwrap()));
    let answer = ask(behind, post(CONFIRM, &json!({"token": "chg_abc"}))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "message": "Email address has been changed successfully.",
            "data": {"email": "ada@new.example"},
        })
    );
    assert!(answer.set_cookies().is_empty(), "the mailbox signs nobody in");
}

#[actix_web::test]
async fn a_token_that_confirms_nothing_says_no_more_than_that() {
    for token in ["chg_used", "rst_other", "x", "\0", "💣"] {
        let mut behind = nothing();
        behind
            .addresses
            .expect_confirm()
            .once()
            .returning(|_, _| Err(ConfirmEmailError::InvalidToken));
        ask(behind, post(CONFIRM, &json!({"token": token}))).await.is_problem(
            400,
            "INVALID_OR_EXPIRED_TOKEN",
            "Invalid or expired token",
        );
    }
    let mut behind = nothing();
    behind
        .addresses
        .expect_confirm()
        .once()
        .returning(|_, _| Err(ConfirmEmailError::EmailTaken));
    ask(behind, post(CONFIRM, &json!({"token": "chg_abc"})))
        .await
        .is_problem(409, "EMAIL_ALREADY_EXISTS", "Email already exists");
}

// Proves: A74
#[actix_web::test]
async fn following_a_confirmation_link_uses_no_token_up() {
    // `addresses` expects no call.
    for path in [format!("{CONFIRM}?token=chg_abc"), format!("{PATH}?token=chg_abc")] {
        let answer = ask(nothing(), get(&path)).await;
        answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
    }
}
