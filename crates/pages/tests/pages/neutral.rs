//! Answers that must not tell whether an address has an account, nor keep anybody from waiting.

use crate::ask::browser;
use crate::behind::nothing;

#[actix_web::test]
async fn whoever_forgot_their_password_is_told_the_same_whoever_they_are() {
    let mut behind = nothing();
    behind.recovery.expect_request().times(2).returning(|_, _| Ok(()));
    let mut browser = browser(behind);
    let mut answers = Vec::new();
    for email in ["ada@example.com", "nobody@example.com"] {
        let answer = browser
            .fill("/forgot-password", "/forgot-password", &[("email", email)])
            .await;
        answer.is_page(200, "Check your email · Rookery");
        assert!(!answer.has(email));
        answers.push((answer.text, answer.headers.len()));
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn another_mail_is_sent_after_a_minute_and_not_before() {
    let mut behind = nothing();
    behind.verification.expect_resend().times(2).returning(|_, _| Ok(()));
    let mut browser = browser(behind);
    let (page, ada) = ("/email-confirmation", [("email", "ada@example.com")]);
    assert_eq!(browser.fill(page, page, &ada).await.leads_to(), page);
    assert!(browser.get(page).await.has("If there is an account with this address"));
    let again = browser.fill(page, page, &ada).await;
    assert_eq!((again.status.as_u16(), again.header("retry-after")), (429, Some("60")));
    assert!(again.has("You can ask for another one in 60 seconds."));
    let typo = [("email", "ada@example.net")];
    assert_eq!(
        browser.fill(page, page, &typo).await.leads_to(),
        page,
        "a typo can be put right"
    );
}

#[actix_web::test]
async fn what_a_browser_remembers_of_a_mail_may_be_anything() {
    for cookie in [
        "",
        "x",
        "1.",
        "99999999999999999999.YQ",
        "1761566400.!!",
        "1761566400._w",
        "-1.YWRhQGV4YW1wbGUuY29t",
    ] {
        let mut browser = browser(nothing());
        browser.keep("__Host-sent", cookie);
        assert_eq!(browser.get("/email-confirmation").await.status, 200, "{cookie}");
    }
    let mut browser = browser(nothing());
    browser.keep("__Host-sent", "9999999999.YWRhQGV4YW1wbGUuY29t");
    let page = browser.get("/email-confirmation").await;
    assert!(
        page.has("data-countdown=\"60\""),
        "no longer than a minute, whatever the clock was"
    );
}
