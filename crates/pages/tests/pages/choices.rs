//! Language and theme: a person's preferences, a choice, what the browser wants, in this order.

use rookery_domain::Theme;

use crate::ada;
use crate::ask::browser;
use crate::behind::{ada_signed_in, nothing};

#[actix_web::test]
async fn a_choice_is_kept_and_goes_before_what_the_browser_wants() {
    let mut browser = browser(nothing());
    browser.says.push(("accept-language", "es"));
    assert!(browser.get("/login").await.has("<html lang=\"es\""));
    let chosen = browser.get("/login?lang=en&theme=dark&redirect=/x").await;
    assert!(chosen.has("<html lang=\"en\" dir=\"ltr\" data-theme=\"dark\">"));
    assert_eq!(
        chosen.hidden("redirect"),
        Some("&#x2f;x"),
        "the rest of the query stays"
    );
    assert!(
        browser
            .get("/register")
            .await
            .has("<html lang=\"en\" dir=\"ltr\" data-theme=\"dark\">")
    );
}

#[actix_web::test]
async fn a_choice_that_is_none_chooses_nothing() {
    for query in ["lang=xx&theme=pink", "lang=&theme=", "lang=%22%3E&theme=%00", "lang=EN"] {
        let answer = browser(nothing()).get(&format!("/login?{query}")).await;
        assert!(
            answer.has("<html lang=\"en\" dir=\"ltr\" data-theme=\"system\">"),
            "{query}"
        );
        assert!(
            !answer
                .set_cookies()
                .iter()
                .any(|cookie| !cookie.starts_with("__Host-form=")),
            "{query}"
        );
    }
    for cookie in ["xx", "", "<script>", "en-US"] {
        let mut browser = browser(nothing());
        browser.keep("__Host-lang", cookie);
        browser.keep("__Host-theme", cookie);
        let answer = browser.get("/login").await;
        assert!(
            answer.has("<html lang=\"en\" dir=\"ltr\" data-theme=\"system\">"),
            "{cookie}"
        );
    }
}

#[actix_web::test]
async fn preferences_go_before_a_choice_and_stay_when_somebody_has_left() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.profile.preferences.language = "es".parse().unwrap();
        signed_in.profile.preferences.theme = Theme::Dark;
        Ok(signed_in)
    });
    let mut browser = browser(behind).with_session();
    browser.keep("__Host-lang", "en");
    let page = browser.get("/settings/profile?lang=en").await;
    assert!(page.has("<html lang=\"es\" dir=\"ltr\" data-theme=\"dark\">"));
    browser.keep("__Host-sid", "x");
    let page = browser.get("/login").await;
    assert!(page.has("<html lang=\"es\" dir=\"ltr\" data-theme=\"dark\">"));
}

#[actix_web::test]
async fn who_prefers_a_language_that_is_not_there_is_spoken_to_in_english() {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.profile.preferences.language = "zu".parse().unwrap();
        Ok(signed_in)
    });
    let page = browser(behind).with_session().get("/settings/profile").await;
    assert!(page.has("<html lang=\"en\""));
    let page = browser(ada_signed_in()).with_session().get("/settings/profile").await;
    assert!(!page.has("choice-lang"), "who is signed in chooses in the settings");
}
