//! The OpenAPI document and the page that shows it.

use rookery_api::openapi_json;
use serde_json::Value;

use crate::ask::{ask, get};
use crate::behind::nothing;

fn document() -> Value {
    serde_json::from_str(&openapi_json()).unwrap()
}

#[actix_web::test]
async fn the_document_is_served_as_it_is_committed() {
    let answer = ask(nothing(), get("/api/openapi.json")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, Some("application/json"))
    );
    assert_eq!(answer.text, openapi_json());
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    assert!(
        std::fs::read_to_string(committed).is_ok_and(|text| text == openapi_json()),
        "docs/openapi.json is not what the code says; write it anew: rookery openapi > docs/openapi.json"
    );
}

#[test]
fn the_document_is_openapi_3_1_and_says_the_same_every_time() {
    assert_eq!(document()["openapi"], "3.1.0");
    assert_eq!(openapi_json(), openapi_json());
    assert!(openapi_json().ends_with("}\n"));
}

#[test]
fn every_operation_is_explained_and_can_fail() {
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(
                operation["operationId"].is_string() && operation["summary"].is_string(),
                "{name}"
            );
            assert!(
                operation["tags"].as_array().is_some_and(|tags| tags.len() == 1),
                "{name}"
            );
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("500"), "{name}");
            if method != "get" {
                for status in ["403", "413", "415"] {
                    assert!(responses.contains_key(status), "{name} {status}");
                }
            }
            assert_eq!(operation.get("security").is_some(), needs_session(path), "{name}");
            for (status, response) in responses {
                if status.starts_with(['4', '5']) {
                    let content = &response["content"]["application/json"];
                    assert!(
                        content.get("example").or(content.get("examples")).is_some() || path.contains("health"),
                        "{name} {status}"
                    );
                }
            }
        }
    }
}

fn needs_session(path: &str) -> bool {
    [
        "/api/users/me",
        "/api/auth/session",
        "/api/auth/logout",
        "/api/auth/reauthenticate",
        "/api/auth/switch-tenant",
        "/api/admin",
        "/api/tenants",
    ]
    .iter()
    .any(|begin| path.starts_with(begin))
}

#[test]
fn a_refusal_that_takes_a_cookie_away_says_so() {
    let document = document();
    for (path, clears) in [
        ("/api/auth/logout", true),
        ("/api/auth/login/second-factor", true),
        ("/api/auth/login", false),
        ("/api/auth/session", false),
    ] {
        let operations = document["paths"][path].as_object().unwrap();
        let headers = &operations.values().next().unwrap()["responses"]["401"]["headers"];
        assert_eq!(headers.get("Set-Cookie").is_some(), clears, "{path}");
    }
}

#[test]
fn no_schema_is_referred_to_that_is_not_there() {
    let text = openapi_json();
    let document = document();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    for scheme in ["cookie", "bearer"] {
        assert!(document["components"]["securitySchemes"][scheme].is_object());
    }
}

#[actix_web::test]
async fn the_page_loads_everything_from_here() {
    for path in ["/api/docs", "/api/docs/", "/api/v1/docs"] {
        let answer = ask(nothing(), get(path)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("script-src 'self'; ") && policy.contains("connect-src 'self'"),
            "{policy}"
        );
        assert!(!answer.text.contains("://"), "nothing from elsewhere");
        let mut files = 0;
        for reference in answer.text.split(['"']).filter(|part| part.starts_with("/api/docs/")) {
            let file = ask(nothing(), get(reference)).await;
            assert_eq!(file.status, 200, "{reference}");
            assert!(file.text.len() > 50);
            files += 1;
        }
        assert_eq!(files, 6);
    }
}

#[actix_web::test]
async fn the_page_shows_our_document_and_tells_no_validator() {
    let answer = ask(nothing(), get("/api/docs/swagger-initializer.js")).await;
    assert!(answer.text.contains("/api/openapi.json"), "{}", answer.text);
    assert!(answer.text.contains("\"validatorUrl\": \"none\""), "{}", answer.text);
}
