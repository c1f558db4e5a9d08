//! `/login`

use rookery_core::{LogInError, LogInOutcome, LoggedIn, SecondFactorRequired};
use rookery_domain::{AuthMethod, ChallengeToken, DeviceToken};

use crate::ada;
use crate::ask::browser;
use crate::behind::{Behind, ada_signed_in, nothing};

const FIELDS: [(&str, &str); 2] = [("email", "ada@example.com"), ("password", "correct horse")];

pub(crate) fn logged_in(remembered: bool) -> LoggedIn {
    LoggedIn {
        user: ada::user(),
        email: ada::email(),
        name: None,
        token: ada::token(),
        expires: ada::noon() + chrono::Duration::days(1),
        remembered,
        device: DeviceToken::from_entropy([5; 32]),
        kept: false,
    }
}

fn welcoming() -> Behind {
    let mut behind = nothing();
    behind.authentication.expect_log_in().times(1).returning(|log_in| {
        assert_eq!(log_in.password.expose(), "correct horse");
        Ok(LogInOutcome::LoggedIn(logged_in(log_in.remember_me)))
    });
    behind
}

#[actix_web::test]
async fn whoever_signs_in_gets_a_session_and_goes_on_to_their_settings() {
    let answer = browser(welcoming()).fill("/login", "/login", &FIELDS).await;
    assert_eq!(answer.leads_to(), "/settings/profile");
    let session = format!(
        "__Host-sid={}; Path=/; HttpOnly; SameSite=Lax; Secure",
        ada::token().expose()
    );
    assert!(
        answer.set_cookies().contains(&session.as_str()),
        "{:?}",
        answer.set_cookies()
    );
    assert!(
        answer
            .set_cookies()
            .iter()
            .any(|cookie| cookie.starts_with("__Host-did="))
    );
}

#[actix_web::test]
async fn the_box_that_is_ticked_keeps_the_session() {
    let mut fields = FIELDS.to_vec();
    fields.push(("rememberMe", "true"));
    let answer = browser(welcoming()).fill("/login", "/login", &fields).await;
    assert!(
        answer
            .set_cookies()
            .iter()
            .any(|cookie| { cookie.starts_with("__Host-sid=") && cookie.contains("Max-Age=86400") })
    );
}

#[actix_web::test]
async fn whoever_has_a_home_elsewhere_goes_on_there() {
    let mut behind = welcoming();
    behind.brand.home = Some("https://dashboard.example.com/inbox".parse().unwrap());
    let mut browser = browser(behind);
    let page = browser.get("/login").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' https://app.example.com https://dashboard.example.com;"));
    let answer = browser.fill("/login", "/login", &FIELDS).await;
    assert_eq!(answer.leads_to(), "https://dashboard.example.com/inbox");
}

#[actix_web::test]
async fn a_wrong_password_is_said_without_it_and_what_was_typed_stays() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .returning(|_| Err(LogInError::InvalidCredentials));
    let fields = [
        ("email", "ada@example.com"),
        ("password", "hunter2"),
        ("redirect", "/x"),
    ];
    let answer = browser(behind).fill("/login", "/login", &fields).await;
    answer.is_page(401, "Error: Sign in · Rookery");
    assert!(answer.has("The address or the password is not right."));
    assert!(answer.has("value=\"ada@example.com\"") && !answer.has("hunter2"));
    assert_eq!(answer.hidden("redirect"), Some("&#x2f;x"));
    assert!(answer.has("role=\"alert\""));
}

#[actix_web::test]
async fn what_is_missing_is_said_beside_its_field_and_at_the_top() {
    let answer = browser(nothing())
        .fill("/login", "/login", &[("email", "nobody"), ("password", "")])
        .await;
    answer.is_page(400, "Error: Sign in · Rookery");
    assert_eq!(answer.mistake("email"), Some("Invalid email address"));
    assert_eq!(answer.mistake("password"), Some("Password is required"));
    for part in [
        "<a href=\"#email\">Invalid email address</a>",
        "aria-invalid=\"true\" aria-describedby=\"email-error\"",
        "aria-describedby=\"password-error\"",
    ] {
        assert!(answer.has(part), "{part}");
    }
}

#[actix_web::test]
async fn a_second_factor_is_asked_for_on_a_page_of_its_own() {
    let mut behind = nothing();
    behind.authentication.expect_log_in().returning(|_| {
        Ok(LogInOutcome::SecondFactorRequired(SecondFactorRequired {
            token: ChallengeToken::from_entropy([3; 32]),
            expires: ada::noon() + chrono::Duration::minutes(10),
            methods: vec![AuthMethod::Totp],
        }))
    });
    let mut fields = FIELDS.to_vec();
    fields.push(("redirect", "/settings/privacy"));
    let answer = browser(behind).fill("/login", "/login", &fields).await;
    assert_eq!(answer.leads_to(), "/login/second-factor?redirect=%2Fsettings%2Fprivacy");
    assert!(
        answer
            .set_cookies()
            .iter()
            .any(|cookie| cookie.starts_with("__Host-mfa="))
    );
    assert!(
        !answer
            .set_cookies()
            .iter()
            .any(|cookie| cookie.starts_with("__Host-sid="))
    );
}

#[actix_web::test]
async fn whoever_is_signed_in_goes_on_at_once() {
    for page in ["/login", "/register"] {
        let mut browser = browser(ada_signed_in()).with_session();
        assert_eq!(browser.get(page).await.leads_to(), "/settings/profile");
    }
    let mut browser = browser(ada_signed_in()).with_session();
    let there = browser.get("/login?redirect=/settings/security").await;
    assert_eq!(there.leads_to(), "/settings/security");
    assert_eq!(browser.get("/").await.leads_to(), "/settings/profile");
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_says_so_once() {
    let mut behind = ada_signed_in();
    behind.sessions.expect_log_out().times(1).returning(|_, _| Ok(()));
    let mut browser = browser(behind).with_session();
    let answer = browser.fill("/settings/profile", "/logout", &[]).await;
    assert_eq!(answer.leads_to(), "/login");
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\",\"storage\""));
    assert!(browser.get("/login").await.has("You are signed out."));
    assert!(!browser.get("/login").await.has("You are signed out."));
}

#[actix_web::test]
async fn opening_the_way_out_signs_nobody_out() {
    let mut browser = browser(ada_signed_in()).with_session();
    assert_eq!(browser.get("/logout").await.leads_to(), "/");
}
