//! Where a `redirect` may lead.

use rookery_core::LogInOutcome;

use crate::ask::{Answer, browser};
use crate::behind::{ada_signed_in, nothing};
use crate::log_in::logged_in;

async fn signed_in_for(redirect: &str) -> Answer {
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .returning(|_| Ok(LogInOutcome::LoggedIn(logged_in(false))));
    let fields = [("email", "ada@example.com"), ("password", "x"), ("redirect", redirect)];
    browser(behind).fill("/login", "/login", &fields).await
}

#[actix_web::test]
async fn a_redirect_leads_to_this_site_and_to_those_that_are_listed() {
    for place in [
        "/settings/security",
        "/inbox?folder=1#top",
        "https://app.example.com/inbox",
        "https://id.example.com/settings/privacy",
    ] {
        assert_eq!(signed_in_for(place).await.leads_to(), place);
    }
}

#[actix_web::test]
async fn a_redirect_leads_nowhere_else() {
    for place in [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/.//evil.example",
        "https://evil.example",
        "https://app.example.com@evil.example",
        "https://app.example.com.evil.example",
        "http://app.example.com",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\r\nSet-Cookie: a=b",
        "settings",
        "",
    ] {
        assert_eq!(signed_in_for(place).await.leads_to(), "/settings/profile", "{place:?}");
        let encoded: String = url::form_urlencoded::byte_serialize(place.as_bytes()).collect();
        let mut browser = browser(ada_signed_in()).with_session();
        let there = browser.get(&format!("/login?redirect={encoded}")).await;
        assert_eq!(there.leads_to(), "/settings/profile", "{place:?}");
    }
}

#[actix_web::test]
async fn whoever_must_sign_in_first_is_led_back_with_what_was_asked() {
    let mut browser = browser(nothing());
    let refused = browser.get("/settings/activity?outcome=failure&from=2025-01-01").await;
    assert_eq!(
        refused.leads_to(),
        "/login?redirect=%2Fsettings%2Factivity%3Foutcome%3Dfailure%26from%3D2025-01-01"
    );
    let page = browser.get(refused.leads_to()).await;
    assert_eq!(
        page.hidden("redirect").unwrap().replace("&#x2f;", "/"),
        "/settings/activity?outcome=failure&amp;from=2025-01-01"
    );
}
