//! A form is taken from our own pages and from nowhere else.

use rookery_core::{LogInError, PortError};
use rookery_pages::{Kind, pages};

use crate::ask::{browser, form, sent};
use crate::behind::nothing;
use crate::engines::filled_in;
use crate::every_page::peaceful;

/// Every path that takes a form.
fn forms() -> Vec<String> {
    let read_only = [
        "/",
        "/settings",
        "/settings/security",
        "/settings/activity",
        "/settings/tenants/{tenantId}/members",
        "/status",
        "/assets/{name}",
        "/settings/privacy/export/{id}",
    ];
    let paths = pages().into_iter().map(|(path, _): (&str, Kind)| path);
    paths.filter(|path| !read_only.contains(path)).map(filled_in).collect()
}

#[actix_web::test]
async fn a_form_without_its_token_does_nothing_anywhere() {
    for path in forms() {
        for token in [
            None,
            Some(""),
            Some("x"),
            Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ] {
            let mut browser = browser(peaceful()).with_session();
            browser.get("/status").await;
            let refused = if path == "/settings/profile/picture" {
                let part = token.map_or_else(String::new, |token| {
                    format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n")
                });
                let request = sent(&path, "multipart/form-data; boundary=x", format!("{part}--x--\r\n"));
                browser.ask(request).await
            } else {
                let fields: Vec<(&str, &str)> = token.map(|token| ("csrf", token)).into_iter().collect();
                browser.post(&path, &fields).await
            };
            refused.is_page(403, "This is not possible from here · Rookery");
            assert!(refused.has("The form is from another visit"), "{path}");
        }
    }
}

#[actix_web::test]
async fn a_token_is_good_for_one_browser_and_one_session() {
    let token = |page: crate::ask::Answer| page.hidden("csrf").unwrap().to_owned();
    let mut hers = browser(peaceful());
    let before = token(hers.get("/login").await);
    let mut hers = hers.with_session();
    let of_hers = token(hers.get("/settings/profile").await);
    assert_ne!(before, of_hers, "signing in makes it another one");
    let refused = hers.post("/logout", &[("csrf", &before)]).await;
    assert_eq!(refused.status, 403);

    let mut another = browser(peaceful()).with_session();
    another.keep("__Host-form", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let refused = another.post("/logout", &[("csrf", &of_hers)]).await;
    assert_eq!(refused.status, 403);
}

#[actix_web::test]
async fn a_form_of_another_site_is_refused_before_it_is_read() {
    for says in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
        vec![("origin", "https://app.example.com")],
        vec![("origin", "http://id.example.com")],
        vec![("sec-fetch-site", "cross-site"), ("origin", "null")],
    ] {
        for path in forms() {
            let mut browser = browser(peaceful()).with_session();
            browser.get("/status").await;
            browser.says.clone_from(&says);
            let refused = browser.ask(form(&path, "csrf=x")).await;
            refused.is_page(403, "This is not possible from here · Rookery");
            assert!(refused.has("The form came from another site"), "{path} {says:?}");
        }
    }
}

#[actix_web::test]
async fn a_browser_that_says_where_it_comes_from_in_either_way_or_not_at_all_is_heard_with_its_token() {
    for says in [
        vec![("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "same-origin"), ("origin", "null")],
        vec![("origin", "https://id.example.com")],
        vec![],
    ] {
        let mut behind = nothing();
        behind
            .authentication
            .expect_log_in()
            .returning(|_| Err(LogInError::InvalidCredentials));
        let mut browser = browser(behind);
        browser.says = says;
        let fields = [("email", "ada@example.com"), ("password", "wrong")];
        assert_eq!(browser.fill("/login", "/login", &fields).await.status, 401);
    }
}

#[actix_web::test]
async fn what_is_no_form_is_not_read() {
    for kind in ["application/json", "text/plain", ""] {
        let refused = browser(nothing()).ask(sent("/login", kind, "csrf=x")).await;
        assert_eq!(refused.status, 415, "{kind}");
    }
    let long = format!("csrf={}", "x".repeat(17_000));
    assert_eq!(browser(nothing()).ask(form("/login", long)).await.status, 413);
}

#[actix_web::test]
async fn a_failure_below_is_a_page_without_its_causes() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .returning(|_| Err(PortError::unavailable("credentials.find", "hunter2").into()));
    let fields = [("email", "ada@example.com"), ("password", "wrong")];
    let failed = browser(behind).fill("/login", "/login", &fields).await;
    failed.is_page(503, "We will be back in a moment · Rookery");
    assert_eq!(failed.header("retry-after"), Some("2"));
    assert!(!failed.has("hunter2") && failed.has(failed.header("x-request-id").unwrap()));
}
