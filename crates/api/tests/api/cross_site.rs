//! Who may change something from where, and what CORS says to whom.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::ask::{Answer, ByAda, ask, get, post, send_raw};
use crate::behind::nothing;

const PATH: &str = "/api/auth/forgot-password";

/// Asks for a reset mail from somewhere; whether that is one call or none is the mock's to say.
async fn from(headers: &[(&'static str, &str)], passes: bool) -> Answer {
    let mut behind = nothing();
    behind
        .recovery
        .expect_request()
        .times(usize::from(passes))
        .returning(|_, _| Ok(()));
    let request = headers.iter().fold(
        post(PATH, &json!({"email": "ada@example.com"})),
        |request: TestRequest, (name, value)| request.append_header((*name, *value)),
    );
    let answer = ask(behind, request).await;
    if passes {
        assert_eq!(answer.status, 200, "{headers:?}");
    } else {
        answer.is_problem(403, "ORIGIN_NOT_ALLOWED", "Origin not allowed");
        assert!(answer.set_cookies().is_empty());
    }
    answer
}

/// Origins that look like an allowed one and are not.
const STRANGERS: [&str; 22] = [
    "null",
    "",
    "*",
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com:443",
    "https://app.example.com:8443",
    "https://app.example.com/",
    "https://app.example.com.",
    "https://app.example.com.evil.example",
    "https://evil.example/https://app.example.com",
    "https://evilapp.example.com",
    "https://app.example.com@evil.example",
    "https://app.example.co",
    "https://APP.example.com",
    "HTTPS://app.example.com",
    "https://sub.app.example.com",
    "https://example.com",
    "app.example.com",
    "https://app.example.com https://evil.example",
    "https://app.example.com, https://app.example.com",
    "https://app\u{2024}example.com",
];

#[actix_web::test]
async fn our_own_pages_and_those_on_the_list_may_change_something() {
    for origin in ["https://id.example.com", "https://app.example.com"] {
        from(&[("origin", origin)], true).await;
        from(&[("origin", origin), ("sec-fetch-site", "same-site")], true).await;
        from(&[("origin", origin), ("sec-fetch-site", "cross-site")], true).await;
    }
}

// Proves: A26, ASVS 3.5.1
#[actix_web::test]
async fn pages_of_strangers_may_not() {
    for origin in STRANGERS {
        from(&[("origin", origin)], false).await;
        from(&[("origin", origin), ("sec-fetch-site", "same-origin")], false).await;
    }
    from(
        &[
            ("origin", "https://app.example.com"),
            ("origin", "https://evil.example"),
        ],
        false,
    )
    .await;
    from(
        &[
            ("origin", "https://app.example.com"),
            ("origin", "https://app.example.com"),
        ],
        false,
    )
    .await;
}

// Proves: A26, ASVS 3.5.1
#[actix_web::test]
async fn without_an_origin_the_browser_says_how_far_the_page_is() {
    for (site, passes) in [
        ("same-origin", true),
        ("none", true),
        ("same-site", false),
        ("cross-site", false),
        ("", false),
        ("Same-Origin", false),
        ("same-origin, none", false),
        ("x", false),
    ] {
        from(&[("sec-fetch-site", site)], passes).await;
    }
    from(
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        false,
    )
    .await;
}

#[actix_web::test]
async fn what_is_no_browser_may_change_something() {
    from(&[], true).await;
    from(&[("referer", "https://evil.example/")], true).await;
}

// Proves: A29
#[actix_web::test]
async fn the_host_a_client_names_makes_no_origin_its_own() {
    for header in ["host", "x-forwarded-host", "forwarded"] {
        from(&[(header, "evil.example"), ("origin", "https://evil.example")], false).await;
    }
}

// Proves: A27, A28, ASVS 3.5.2
#[actix_web::test]
async fn a_strangers_form_changes_nothing_anywhere() {
    for (method, path) in [
        (Method::POST, "/api/auth/signup"),
        (Method::POST, "/api/auth/login"),
        (Method::POST, "/api/auth/logout"),
        (Method::POST, "/api/auth/reauthenticate"),
        (Method::POST, "/api/auth/sessions/revoke-others"),
        (
            Method::DELETE,
            "/api/auth/sessions/0199d2f0-7c00-7000-8000-000000000002",
        ),
        (Method::POST, "/api/auth/forgot-password"),
        (Method::POST, "/api/auth/reset-password"),
        (Method::POST, "/api/auth/verify-email"),
        (Method::POST, "/api/auth/resend-verification"),
        (Method::PATCH, "/api/users/me"),
        (Method::POST, "/api/users/me/change-password"),
        (Method::POST, "/api/users/me/change-email"),
        (Method::DELETE, "/api/users/me/change-email"),
        (Method::POST, "/api/auth/confirm-email"),
        (Method::POST, "/api/auth/undo"),
        (Method::DELETE, "/api/users/me"),
        (Method::PUT, "/api/nothing"),
    ] {
        for headers in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
        ] {
            // No use case expects a call, the look-up of the session included.
            let json = send_raw(
                method.clone(),
                path,
                "application/json",
                r#"{"email": "ada@example.com"}"#,
            );
            let answer = ask(nothing(), json.by_ada().insert_header(headers)).await;
            answer.is_problem(403, "ORIGIN_NOT_ALLOWED", "Origin not allowed");
            assert!(answer.set_cookies().is_empty());

            let empty = TestRequest::with_uri(path)
                .method(method.clone())
                .by_ada()
                .insert_header(headers);
            assert_eq!(ask(nothing(), empty).await.status, 403);

            let form = send_raw(
                method.clone(),
                path,
                "application/x-www-form-urlencoded",
                "email=ada%40example.com",
            );
            assert_eq!(ask(nothing(), form.by_ada().insert_header(headers)).await.status, 415);
        }
    }
}

// Proves: ASVS 3.4.2
#[actix_web::test]
async fn a_page_on_the_list_is_told_so_and_gets_its_own_name_back() {
    for origin in ["https://id.example.com", "https://app.example.com"] {
        for answer in [
            from(&[("origin", origin)], true).await,
            ask(nothing(), get("/api/users/me").insert_header(("origin", origin))).await,
            ask(nothing(), get("/api/nothing").insert_header(("origin", origin))).await,
        ] {
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
            assert_eq!(
                answer.header("access-control-expose-headers"),
                Some("x-request-id, retry-after, ratelimit, ratelimit-policy, etag, link, content-disposition")
            );
            assert_eq!(answer.header("vary"), Some("Origin, Cookie"));
        }
    }
}

// Proves: A29, ASVS 3.4.2
#[actix_web::test]
async fn a_stranger_is_told_nothing() {
    for origin in STRANGERS {
        for request in [
            get("/api/health/live"),
            TestRequest::with_uri(PATH)
                .method(Method::OPTIONS)
                .insert_header(("access-control-request-method", "POST")),
        ] {
            let answer = ask(nothing(), request.insert_header(("origin", origin))).await;
            for (name, _) in &answer.headers {
                assert!(!name.as_str().starts_with("access-control-"), "{origin}: {name}");
            }
        }
    }
}

#[actix_web::test]
async fn a_preflight_is_answered_before_anything_is_looked_up() {
    for path in [PATH, "/api/users/me", "/api/v1/users/me/change-password"] {
        let request = TestRequest::with_uri(path)
            .method(Method::OPTIONS)
            .insert_header(("origin", "https://app.example.com"))
            .insert_header(("access-control-request-method", "PATCH"))
            .insert_header(("access-control-request-headers", "content-type"));
        let answer = ask(nothing(), request).await;
        assert_eq!(answer.status, 204);
        assert!(answer.text.is_empty());
        for (name, value) in [
            ("access-control-allow-origin", "https://app.example.com"),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
            ("access-control-allow-headers", "content-type, x-csrf-token, if-match"),
            ("access-control-max-age", "600"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
    }
}

#[actix_web::test]
async fn reading_is_nobodys_business_but_the_browsers() {
    for headers in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(
            ask(nothing(), get("/api/health/live").insert_header(headers))
                .await
                .status,
            200
        );
    }
}
