//! Request ids and the headers of every kind of answer; what holds for all of them `ask` checks by itself.

use actix_web::http::Method;
use serde_json::json;

use crate::ask::{ask, get, post, send_raw};
use crate::behind::{Behind, nothing};

#[actix_web::test]
async fn a_clients_request_id_is_kept_when_it_is_plain() {
    for id in [
        "12345678",
        "a.b-c_D9",
        "0199d2f0-7c00-7000-8000-000000000000",
        &"x".repeat(64),
    ] {
        let answer = ask(nothing(), get("/api/users/me").insert_header(("x-request-id", id))).await;
        assert_eq!(answer.header("x-request-id"), Some(id));
        assert_eq!(answer.json()["requestId"], json!(id));
    }
}

// Proves: ASVS 16.4.1
#[actix_web::test]
async fn any_other_request_gets_an_id_of_its_own() {
    let long = "x".repeat(65);
    for id in [
        "",
        "1234567",
        &long,
        "has space",
        "a\tb-12345",
        "<script>",
        "line%0abreak",
        "{\"a\":12345}",
        "ünïcödé-id",
    ] {
        let answer = ask(nothing(), get("/api/users/me").insert_header(("x-request-id", id))).await;
        let own = answer.header("x-request-id").unwrap();
        assert_ne!(own, id);
        assert_eq!((own.len(), &own[14..15]), (36, "7"), "a UUIDv7: {own}");
    }
}

// Proves: ASVS 3.4.1
#[actix_web::test]
async fn https_is_for_good_where_it_is_used_and_not_promised_elsewhere() {
    for (public_url, promise) in [
        ("https://id.example.com", Some("max-age=63072000; includeSubDomains")),
        ("http://localhost:8080", None),
    ] {
        for path in ["/api/health/live", "/api/users/me", "/nothing"] {
            let behind = Behind {
                public_url,
                ..nothing()
            };
            let answer = ask(behind, get(path).insert_header(("x-forwarded-proto", "https"))).await;
            assert_eq!(answer.header("strict-transport-security"), promise, "{path}");
        }
    }
}

// Proves: A49, ASVS 14.2.2, 14.3.2
#[actix_web::test]
async fn nothing_personal_is_stored_on_the_way() {
    for request in [
        get("/api/users/me"),
        get("/api/auth/session"),
        post("/api/auth/login", &json!({})),
        post("/api/auth/logout", &json!({})),
        get("/api/nothing"),
        get("/api/health/live"),
        get("/api/openapi.json"),
    ] {
        assert_eq!(ask(nothing(), request).await.header("cache-control"), Some("no-store"));
    }
}

// Proves: A49, ASVS 3.2.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6
#[actix_web::test]
async fn no_answer_may_load_frame_or_run_anything() {
    let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
    for request in [
        get("/api/users/me"),
        get("/nothing"),
        get("/api/openapi.json"),
        post("/api/auth/login", &json!({})),
    ] {
        assert_eq!(
            ask(nothing(), request).await.header("content-security-policy"),
            Some(policy)
        );
    }
}

#[actix_web::test]
async fn a_401_names_the_scheme() {
    assert_eq!(
        ask(nothing(), get("/api/users/me")).await.header("www-authenticate"),
        Some("Bearer")
    );
    let logout = send_raw(Method::POST, "/api/auth/logout", "application/json", "");
    assert_eq!(ask(nothing(), logout).await.header("www-authenticate"), Some("Bearer"));
}
