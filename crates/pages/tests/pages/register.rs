//! `/register`

use rookery_core::{Registered, RegistrationError};
use rookery_door::SignUpConflict;

use crate::ada;
use crate::ask::browser;
use crate::behind::nothing;

const FIELDS: [(&str, &str); 5] = [
    ("email", "ada@example.com"),
    ("password", "correct horse battery"),
    ("name", "Ada Lovelace"),
    ("companyName", ""),
    ("language", "es"),
];

#[actix_web::test]
async fn an_account_is_made_and_the_way_leads_to_the_mailbox() {
    let mut behind = nothing();
    behind.registration.expect_register().times(1).returning(|sign_up| {
        assert_eq!(sign_up.name.unwrap().as_str(), "Ada Lovelace");
        assert_eq!(sign_up.language.unwrap().as_str(), "es");
        assert!(sign_up.company_name.is_none() && sign_up.timezone.is_none());
        Ok(Registered {
            user: ada::user(),
            email: ada::email(),
            name: None,
        })
    });
    let mut browser = browser(behind);
    let answer = browser.fill("/register", "/register", &FIELDS).await;
    assert_eq!(answer.leads_to(), "/email-confirmation", "the address is in no link");
    let page = browser.get("/email-confirmation").await;
    page.is_page(200, "Check your email · Rookery");
    assert!(page.has("ada@example.com") && page.has("data-countdown=\"60\""));
}

#[actix_web::test]
async fn every_broken_rule_is_said_and_no_password_comes_back() {
    let fields = [("email", "ada"), ("password", "short-hunter2"), ("name", "a\u{7}b")];
    let answer = browser(nothing()).fill("/register", "/register", &fields).await;
    answer.is_page(400, "Error: Create your account · Rookery");
    assert_eq!(answer.mistake("email"), Some("Invalid email address"));
    assert_eq!(
        answer.mistake("name"),
        Some("Name contains characters that are not allowed")
    );
    assert!(!answer.has("hunter2"));
}

#[actix_web::test]
async fn a_taken_address_is_said_where_sign_up_says_so() {
    let mut behind = nothing();
    behind
        .registration
        .expect_register()
        .returning(|_| Err(RegistrationError::EmailTaken));
    let answer = browser(behind).fill("/register", "/register", &FIELDS).await;
    answer.is_page(409, "Error: Create your account · Rookery");
    assert!(
        answer
            .mistake("email")
            .unwrap()
            .starts_with("There is already an account with this address.")
    );
}

#[actix_web::test]
async fn the_terms_are_shown_where_there_are_any() {
    let mut behind = nothing();
    behind.brand.terms = Some("https://example.com/terms".parse().unwrap());
    let page = browser(behind).get("/register").await;
    assert!(page.has("By creating an account you accept:") && page.has("https:&#x2f;&#x2f;example.com&#x2f;terms"));
    assert!(
        !browser(nothing())
            .get("/register")
            .await
            .has("By creating an account you accept:")
    );
}

#[actix_web::test]
async fn where_nobody_is_told_a_taken_address_is_answered_as_a_free_one() {
    let mut behind = nothing();
    behind.sign_up_conflict = SignUpConflict::Neutral;
    behind
        .registration
        .expect_register_discreetly()
        .times(1)
        .returning(|_| Ok(()));
    let answer = browser(behind).fill("/register", "/register", &FIELDS).await;
    assert_eq!(answer.leads_to(), "/email-confirmation");
}
