//! `/login/second-factor`

use rookery_core::{FactorProof, SecondFactorLogInError};
use rookery_domain::ChallengeToken;

use crate::ask::{Browser, browser};
use crate::behind::{Behind, nothing};
use crate::log_in::logged_in;

const PAGE: &str = "/login/second-factor";

fn waiting(behind: Behind) -> Browser {
    let mut browser = browser(behind);
    browser.keep("__Host-mfa", &ChallengeToken::from_entropy([3; 32]).expose());
    browser
}

#[actix_web::test]
async fn a_code_or_a_recovery_code_opens_the_session() {
    for (field, value, trust) in [
        ("code", "287 082", true),
        ("recoveryCode", "abcd-efgh-ijkl-mnop", false),
    ] {
        let mut behind = nothing();
        behind
            .authentication
            .expect_prove_second_factor()
            .times(1)
            .returning(move |proved| {
                assert_eq!(matches!(proved.proof, FactorProof::Code(_)), field == "code");
                assert_eq!(proved.trust_device, trust);
                Ok(logged_in(false))
            });
        let mut fields = vec![(field, value), ("redirect", "/settings/security")];
        if trust {
            fields.push(("trustDevice", "true"));
        }
        let answer = waiting(behind).fill(PAGE, PAGE, &fields).await;
        assert_eq!(answer.leads_to(), "/settings/security");
        let cookies = answer.set_cookies();
        assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-sid=")));
        assert!(
            cookies.iter().any(|cookie| cookie.starts_with("__Host-mfa=;")),
            "the first step is over"
        );
    }
}

#[actix_web::test]
async fn a_wrong_code_is_said_in_the_form_it_was_typed_into() {
    for (field, value, place) in [
        ("code", "287082", "app-code"),
        ("recoveryCode", "ABCD-EFGH-IJKL-MNOP", "recovery-recoveryCode"),
    ] {
        let mut behind = nothing();
        behind
            .authentication
            .expect_prove_second_factor()
            .returning(|_| Err(SecondFactorLogInError::WrongCode));
        let answer = waiting(behind).fill(PAGE, PAGE, &[(field, value)]).await;
        answer.is_page(401, "Error: One more step · Rookery");
        assert_eq!(
            answer.mistake(place),
            Some("The code is not right, or has been used before.")
        );
        assert!(!answer.has(value));
    }
    let answer = waiting(nothing()).fill(PAGE, PAGE, &[("code", "12345")]).await;
    assert_eq!(answer.mistake("app-code"), Some("Code must be 6 digits"));
}

#[actix_web::test]
async fn a_sign_in_that_waits_no_longer_begins_anew() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_prove_second_factor()
        .returning(|_| Err(SecondFactorLogInError::ChallengeEnded));
    let mut browser = waiting(behind);
    let answer = browser.fill(PAGE, PAGE, &[("code", "287082")]).await;
    assert_eq!(answer.leads_to(), "/login");
    assert!(
        browser
            .get("/login")
            .await
            .has("Please sign in with your password again.")
    );
    assert_eq!(browser.get(PAGE).await.leads_to(), "/login", "the cookie is gone");
}

#[actix_web::test]
async fn whoever_has_shown_no_password_begins_with_that() {
    let answer = browser(nothing()).get("/login/second-factor?redirect=/x").await;
    assert_eq!(answer.leads_to(), "/login?redirect=%2Fx");
}
