//! Paths, their alias, and methods.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::domain::EmailAddress;
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, get, patch, post};
use crate::behind::{ada_signed_in, nothing};

/// Every resource and the methods it answers, but for those of staff, which answer other methods as if they were not there.
const RESOURCES: [(&str, &str); 45] = [
    ("/auth/signup", "POST"),
    ("/auth/login", "POST"),
    ("/auth/logout", "POST"),
    ("/auth/session", "GET, HEAD"),
    ("/auth/sessions", "GET, HEAD"),
    ("/auth/sessions/revoke-others", "POST"),
    ("/auth/sessions/0199d2f0-7c00-7000-8000-000000000002", "DELETE"),
    ("/auth/reauthenticate", "POST"),
    ("/auth/forgot-password", "POST"),
    ("/auth/reset-password", "POST"),
    ("/auth/verify-email", "POST"),
    ("/auth/resend-verification", "POST"),
    ("/auth/confirm-email", "POST"),
    ("/auth/undo", "POST"),
    ("/users/me", "GET, HEAD, PATCH"),
    ("/users/me/picture", "PUT, DELETE"),
    (
        "/pictures/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "GET, HEAD",
    ),
    ("/users/me/change-email", "POST, DELETE"),
    ("/users/me/change-password", "POST"),
    ("/auth/login/second-factor", "POST"),
    ("/users/me/mfa", "GET, HEAD"),
    ("/users/me/mfa/totp", "POST, DELETE"),
    ("/users/me/mfa/totp/confirm", "POST"),
    ("/users/me/mfa/recovery-codes", "POST"),
    ("/users/me/mfa/trusted-devices", "DELETE"),
    (
        "/users/me/mfa/trusted-devices/0199d2f0-7c00-7000-8000-000000000005",
        "DELETE",
    ),
    ("/auth/switch-tenant", "POST"),
    ("/tenants", "GET, HEAD, POST"),
    ("/tenants/0199d2f0-7c00-7000-8000-000000000003", "PATCH"),
    (
        "/tenants/0199d2f0-7c00-7000-8000-000000000003/policy",
        "GET, HEAD, PATCH",
    ),
    (
        "/tenants/0199d2f0-7c00-7000-8000-000000000003/transfer-ownership",
        "POST",
    ),
    ("/tenants/0199d2f0-7c00-7000-8000-000000000003/users", "GET, HEAD"),
    (
        "/tenants/0199d2f0-7c00-7000-8000-000000000003/users/0199d2f0-7c00-7000-8000-000000000001",
        "PATCH, DELETE",
    ),
    (
        "/tenants/0199d2f0-7c00-7000-8000-000000000003/invitations",
        "GET, HEAD, POST",
    ),
    (
        "/tenants/0199d2f0-7c00-7000-8000-000000000003/invitations/0199d2f0-7c00-7000-8000-000000000009",
        "DELETE",
    ),
    (
        "/tenants/0199d2f0-7c00-7000-8000-000000000003/invitations/0199d2f0-7c00-7000-8000-000000000009/resend",
        "POST",
    ),
    ("/auth/invitations/show", "POST"),
    ("/auth/invitations/accept", "POST"),
    ("/auth/invitations/decline", "POST"),
    ("/health", "GET, HEAD"),
    ("/health/live", "GET, HEAD"),
    ("/health/ready", "GET, HEAD"),
    ("/openapi.json", "GET, HEAD"),
    ("/docs", "GET, HEAD"),
    ("/docs/index.css", "GET, HEAD"),
];

#[actix_web::test]
async fn a_wrong_method_is_a_405_that_names_the_right_ones_on_every_resource() {
    for (path, allow) in RESOURCES {
        for prefix in ["/api", "/api/v1"] {
            for method in [
                "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND",
            ] {
                if allow.split(", ").any(|allowed| allowed == method) {
                    continue;
                }
                let request = TestRequest::with_uri(&format!("{prefix}{path}"))
                    .method(Method::from_bytes(method.as_bytes()).unwrap())
                    .by_ada();
                let answer = ask(nothing(), request).await;
                answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
                assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
            }
        }
    }
}

// Proves: A27
#[actix_web::test]
async fn a_method_is_what_the_request_line_says_and_no_header_overrides_it() {
    for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let request = get("/api/auth/logout?_method=POST")
            .by_ada()
            .insert_header((header, "POST"));
        assert_eq!(ask(nothing(), request).await.status, 405);
    }
}

// Proves: ASVS 4.1.1
#[actix_web::test]
async fn what_is_not_there_is_a_json_404_below_api_and_beside_it() {
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/users",
        "/api/users/me/",
        "/api/users/me/x.css",
        "/api/users/me;x=.css",
        "/api/users/me%2Fx.css",
        "/api//users/me",
        "/api/users//me",
        "/api/users/me/..",
        "/api/users/%2e%2e/users/me",
        "/api/auth/../users/me",
        "/api/v2/users/me",
        "/api/v1",
        "/api/v1/v1/users/me",
        "/API/users/me",
        "/api/Users/Me",
        "/api/docs/nothing.js",
        "/api/docs/../users/me",
        "/api/docs/%2e%2e%2fCargo.toml",
        "/",
        "/users/me",
        "/favicon.ico",
        "/.env",
    ] {
        for request in [
            get(path),
            TestRequest::post().uri(path),
            TestRequest::delete().uri(path),
        ] {
            let answer = ask(nothing(), request.by_ada()).await;
            if path.starts_with("/api/docs/") && answer.status == 405 {
                continue;
            }
            answer.is_problem(404, "NOT_FOUND", "Not found");
        }
    }
}

#[actix_web::test]
async fn the_alias_has_the_same_routes_with_the_same_bodies() {
    for prefix in ["/api", "/api/v1"] {
        let mut behind = nothing();
        behind.profiles.expect_read().once().returning(|_| Ok(ada::profile()));
        let answer = ask(behind, get(&format!("{prefix}/users/me")).by_ada()).await;
        assert_eq!(answer.status, 200);

        let mut behind = ada_signed_in();
        behind
            .profiles
            .expect_update()
            .once()
            .returning(|_, _, _| Ok(ada::profile()));
        let changed = ask(
            behind,
            patch(&format!("{prefix}/users/me"), &json!({"theme": "dark"})).by_ada(),
        )
        .await;
        assert_eq!(changed.text, answer.text);

        let mut behind = nothing();
        behind
            .recovery
            .expect_request()
            .once()
            .returning(|_: &EmailAddress, _| Ok(()));
        let body = json!({"email": "ada@example.com"});
        let answer = ask(behind, post(&format!("{prefix}/auth/forgot-password"), &body)).await;
        assert_eq!(answer.status, 200);
    }
}

#[actix_web::test]
async fn head_works_where_get_does() {
    let mut behind = nothing();
    behind.profiles.expect_read().once().returning(|_| Ok(ada::profile()));
    let request = TestRequest::with_uri("/api/users/me").method(Method::HEAD).by_ada();
    assert_eq!(ask(behind, request).await.status, 200);
}

// Proves: ASVS 15.3.7
#[actix_web::test]
async fn a_query_changes_nothing() {
    let mut behind = nothing();
    behind
        .profiles
        .expect_read()
        .once()
        .withf(crate::behind::is_hers)
        .returning(|_| Ok(ada::profile()));
    let request = get("/api/users/me?userId=somebody-else&id=1&token=x").by_ada();
    assert_eq!(ask(behind, request).await.json()["id"], json!(ada::user()));
}
