//! `POST /api/users/me/change-password`

use chrono::Duration;
use rookery_core::domain::Violations;
use rookery_core::{ChangePasswordError, RenewedSession};
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, ByAda, ask, post};
use crate::behind::{Behind, ada_signed_in};

const PATH: &str = "/api/users/me/change-password";

fn renewing(remembered: bool) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .passwords
        .expect_change()
        .once()
        .withf(|signed_in, change| {
            *signed_in == ada::signed_in()
                && change.current_password.expose() == "SecurePass123!"
                && change.new_password.as_attempt().expose() == "NewSecurePass123!"
        })
        .returning(move |_, _| {
            Ok(RenewedSession {
                token: ada::other_token(),
                expires: ada::noon() + Duration::hours(2),
                remembered,
            })
        });
    behind
}

async fn change(behind: Behind) -> Answer {
    let body = json!({"currentPassword": "SecurePass123!", "newPassword": "NewSecurePass123!"});
    ask(behind, post(PATH, &body).by_ada()).await
}

async fn refused(refusal: fn() -> ChangePasswordError) -> Answer {
    let mut behind = ada_signed_in();
    behind
        .passwords
        .expect_change()
        .once()
        .returning(move |_, _| Err(refusal()));
    let answer = change(behind).await;
    assert!(answer.set_cookies().is_empty());
    answer
}

// Proves: ASVS 6.2.2
#[actix_web::test]
async fn the_session_goes_on_under_a_new_token() {
    let answer = change(renewing(false)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "message": "Password has been changed successfully."})
    );
    let cookie = format!(
        "{}; Path=/; HttpOnly; SameSite=Lax; Secure",
        ada::cookie(&ada::other_token())
    );
    assert_eq!(answer.set_cookies(), [cookie]);
}

#[actix_web::test]
async fn a_remembered_session_stays_remembered_until_its_end() {
    let cookie = format!(
        "{}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=7200",
        ada::cookie(&ada::other_token())
    );
    assert_eq!(change(renewing(true)).await.set_cookies(), [cookie]);
}

// Proves: ASVS 6.2.3
#[actix_web::test]
async fn a_wrong_current_password_is_forbidden_and_not_unauthorized() {
    refused(|| ChangePasswordError::WrongPassword).await.is_problem(
        403,
        "INVALID_CURRENT_PASSWORD",
        "Current password is incorrect",
    );
}

// Proves: ASVS 2.1.2, 2.2.3
#[actix_web::test]
async fn the_same_password_again_is_bad_input() {
    let sentence = "New password must be different from current password";
    let answer = refused(|| {
        ChangePasswordError::Invalid(Violations::of(
            "newPassword",
            "New password must be different from current password",
        ))
    })
    .await;
    answer.has_violations(&[("newPassword", sentence)]);
}

#[actix_web::test]
async fn a_session_that_ended_meanwhile_is_a_401() {
    refused(|| ChangePasswordError::NotSignedIn).await.is_unauthorized();
}

// Proves: A24, ASVS 6.2.3
#[actix_web::test]
async fn both_passwords_are_needed_and_the_new_one_is_judged() {
    for (body, expected) in [
        (
            json!({}),
            vec![
                ("currentPassword", "Current password is required"),
                ("newPassword", "New password is required"),
            ],
        ),
        (
            json!({"currentPassword": "", "newPassword": ""}),
            vec![
                ("currentPassword", "Current password is required"),
                ("newPassword", "Password must be at least 8 characters"),
            ],
        ),
        (
            json!({"currentPassword": null, "newPassword": null}),
            vec![
                ("currentPassword", "Current password is required"),
                ("newPassword", "New password is required"),
            ],
        ),
        (
            json!({"currentPassword": [], "newPassword": {}}),
            vec![
                ("currentPassword", "Current password must be a string"),
                ("newPassword", "New password must be a string"),
            ],
        ),
        (
            json!({"currentPassword": "x".repeat(257), "newPassword": "x".repeat(257)}),
            vec![
                ("currentPassword", "Password must be at most 256 characters"),
                ("newPassword", "Password must be at most 256 characters"),
            ],
        ),
        (
            json!({"currentPassword": "x", "newPassword": "qwertyuiop"}),
            vec![("newPassword", "Password is too common and easy to guess")],
        ),
    ] {
        ask(ada_signed_in(), post(PATH, &body).by_ada())
            .await
            .has_violations(&expected);
    }
}
