//! `POST /api/auth/signup`

use rookery_api::SignUpConflict;
use rookery_core::domain::{CompanyName, EmailAddress, FamilyName, GivenName};
use rookery_core::{Registered, RegistrationError};
use serde_json::json;

use crate::ada;
use crate::ask::{ask, post};
use crate::behind::nothing;

const PATH: &str = "/api/auth/signup";

#[actix_web::test]
async fn an_account_is_made_and_shown_in_short() {
    let mut behind = nothing();
    behind
        .registration
        .expect_register()
        .once()
        .withf(|sign_up| {
            sign_up.email.as_str() == "ada@example.com"
                && sign_up.password.as_attempt().expose() == "SecurePass123!"
                && sign_up
                    .name
                    .as_ref()
                    .is_some_and(|name| name.as_str() == "Ada Lovelace")
                && sign_up.given_name.is_none()
                && sign_up.accept_terms.is_none()
        })
        .returning(|sign_up| {
            Ok(Registered {
                user: ada::user(),
                email: sign_up.email,
                name: sign_up.name.map(|name| name.to_string()),
            })
        });
    let body = json!({"email": " ada@example.com ", "password": "SecurePass123!", "name": "  Ada Lovelace "});
    let answer = ask(behind, post(PATH, &body)).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.json(),
        json!({"success": true, "user": {"id": ada::user(), "email": "ada@example.com", "name": "Ada Lovelace"}})
    );
    assert!(answer.set_cookies().is_empty(), "nobody is signed in by it");
}

#[actix_web::test]
async fn every_field_reaches_the_use_case() {
    let mut behind = nothing();
    behind
        .registration
        .expect_register()
        .once()
        .withf(|sign_up| {
            let names = (
                sign_up.given_name.as_ref().map(GivenName::as_str),
                sign_up.family_name.as_ref().map(FamilyName::as_str),
                sign_up.company_name.as_ref().map(CompanyName::as_str),
            );
            names == (Some("李"), Some("小龍"), Some("Jeet & Co."))
                && sign_up.language.is_some_and(|language| language.as_str() == "zh")
                && sign_up.timezone.is_some_and(|zone| zone.as_str() == "Asia/Hong_Kong")
                && sign_up.accept_terms == Some(true)
        })
        .returning(|sign_up| {
            Ok(Registered {
                user: ada::user(),
                email: sign_up.email,
                name: None,
            })
        });
    let body = json!({
        "email": "lee@example.com", "password": "be water my friend", "givenName": "李", "familyName": "小龍",
        "companyName": "Jeet & Co.", "language": "zh", "timezone": "Asia/Hong_Kong", "acceptTerms": true,
    });
    let answer = ask(behind, post(PATH, &body)).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["user"]["name"], json!(null));
}

#[actix_web::test]
async fn a_taken_address_is_a_conflict() {
    let mut behind = nothing();
    behind
        .registration
        .expect_register()
        .once()
        .returning(|_| Err(RegistrationError::EmailTaken));
    let answer = ask(
        behind,
        post(PATH, &json!({"email": "ada@example.com", "password": "SecurePass123!"})),
    )
    .await;
    answer.is_problem(409, "EMAIL_ALREADY_EXISTS", "Email already exists");
}

#[actix_web::test]
async fn a_neutral_sign_up_is_accepted_whatever_became_of_it() {
    let mut behind = nothing();
    behind.sign_up_conflict = SignUpConflict::Neutral;
    behind
        .registration
        .expect_register_discreetly()
        .once()
        .withf(|sign_up| sign_up.email.as_str() == "ada@example.com")
        .returning(|_| Ok(()));
    let body = json!({"email": "ada@example.com", "password": "SecurePass123!", "name": "Ada"});
    let answer = ask(behind, post(PATH, &body)).await;
    assert_eq!(answer.status, 202);
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "message": "Please check your mailbox: a message with the next step is sent to this address.",
        })
    );
    assert!(answer.set_cookies().is_empty());
    assert!(
        !answer.text.contains("ada@example.com"),
        "not even the address is echoed"
    );
}

#[actix_web::test]
async fn bad_fields_are_told_before_a_neutral_answer() {
    let mut behind = nothing();
    behind.sign_up_conflict = SignUpConflict::Neutral;
    let body = json!({"email": "ada@example.com", "password": "short"});
    ask(behind, post(PATH, &body))
        .await
        .has_violations(&[("password", "Password must be at least 8 characters")]);
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let body = json!({
        "email": "nobody", "password": "short", "name": " ", "givenName": null, "familyName": 7, "companyName": "\u{202e}",
        "language": "xx", "timezone": "Mars/Phobos", "acceptTerms": "yes",
    });
    ask(nothing(), post(PATH, &body)).await.has_violations(&[
        ("email", "Invalid email address"),
        ("name", "Name is required"),
        ("givenName", "Given name must be a string"),
        ("familyName", "Family name must be a string"),
        ("password", "Password must be at least 8 characters"),
        ("companyName", "Company name contains characters that are not allowed"),
        ("language", "Language must be a 2-letter ISO code"),
        ("timezone", "Timezone must be a valid IANA time zone"),
        ("acceptTerms", "Accept terms must be a boolean"),
    ]);
}

#[actix_web::test]
async fn a_body_without_anything_lacks_address_and_password() {
    ask(nothing(), post(PATH, &json!({})))
        .await
        .has_violations(&[("email", "Invalid email address"), ("password", "Password is required")]);
}

#[actix_web::test]
async fn an_unacceptable_password_is_told_why() {
    for (password, sentence) in [
        ("", "Password must be at least 8 characters"),
        ("1234567", "Password must be at least 8 characters"),
        ("password", "Password is too common and easy to guess"),
        ("aaaaaaaaaaaa", "Password is too common and easy to guess"),
        (&"é".repeat(257), "Password must be at most 256 characters"),
        (
            "ada.lovelace@example.com",
            "Password must not be your email address, your name or the name of this service",
        ),
        (
            "Ada.Lovelace",
            "Password must not be your email address, your name or the name of this service",
        ),
        (
            "Countess Ada",
            "Password must not be your email address, your name or the name of this service",
        ),
        (
            "Augusta Ada",
            "Password must not be your email address, your name or the name of this service",
        ),
        (
            "King-Noel",
            "Password must not be your email address, your name or the name of this service",
        ),
    ] {
        let body = json!({
            "email": "Ada.Lovelace@example.com", "name": "Countess Ada", "givenName": "Augusta Ada",
            "familyName": "King-Noel", "password": password,
        });
        ask(nothing(), post(PATH, &body))
            .await
            .has_violations(&[("password", sentence)]);
    }
}

// Proves: A45, ASVS 8.2.3, 15.3.3
#[actix_web::test]
async fn what_a_client_must_not_set_is_ignored() {
    let mut behind = nothing();
    behind.registration.expect_register().once().returning(|sign_up| {
        Ok(Registered {
            user: ada::user(),
            email: EmailAddress::parse(sign_up.email.as_str()).unwrap(),
            name: None,
        })
    });
    let body = json!({
        "email": "ada@example.com", "password": "SecurePass123!", "id": "1", "userId": "2", "role": "owner",
        "roles": ["owner"], "emailVerified": true, "tenantId": "3", "passwordHash": "x", "createdAt": 0, "__proto__": {},
    });
    let answer = ask(behind, post(PATH, &body)).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["user"]["id"], json!(ada::user()));
}
