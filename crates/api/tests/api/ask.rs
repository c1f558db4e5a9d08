//! Asking the door, and reading what it says. Every answer is checked for what all answers must hold.

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::dev::{Payload, Service};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service};
use rookery_api::{configure, not_found_anywhere};
use serde_json::{Value, json};

use crate::ada;
use crate::behind::Behind;
use crate::documented::is_documented;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers
            .get_all("set-cookie")
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    /// The body of a failure without its request id, which [`ask`] has checked.
    pub(crate) fn problem(&self) -> Value {
        let mut body = self.json();
        body.as_object_mut().unwrap().remove("requestId");
        body
    }

    /// The fields that were found wrong, each with its sentence.
    pub(crate) fn violations(&self) -> Vec<(String, String)> {
        assert_eq!(self.status, StatusCode::BAD_REQUEST, "{}", self.text);
        let body = self.problem();
        assert_eq!(
            (&body["error"], &body["code"]),
            (&json!("Validation failed"), &json!("VALIDATION_ERROR"))
        );
        let errors = body["errors"].as_array().unwrap();
        assert!(!errors.is_empty());
        errors
            .iter()
            .map(|error| {
                let path: Vec<&str> = error["path"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|part| part.as_str().unwrap())
                    .collect();
                assert_eq!(error.as_object().unwrap().len(), 2, "a path and a message: {error}");
                (path.join("."), error["message"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    /// That exactly this is wrong.
    pub(crate) fn has_violations(&self, expected: &[(&str, &str)]) {
        let found = self.violations();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(path, message)| (path.as_str(), message.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    /// That this is a failure of this status, code and sentence, and nothing else in it.
    pub(crate) fn is_problem(&self, status: u16, code: &str, error: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.problem(), json!({"error": error, "code": code}));
    }

    pub(crate) fn is_unauthorized(&self) {
        self.is_problem(401, "AUTHENTICATION_REQUIRED", "Unauthorized");
    }
}

pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

/// A request with a JSON body, as a client that is no browser sends it.
pub(crate) fn send(method: Method, path: &str, body: &Value) -> TestRequest {
    send_raw(method, path, "application/json", body.to_string())
}

pub(crate) fn post(path: &str, body: &Value) -> TestRequest {
    send(Method::POST, path, body)
}

pub(crate) fn patch(path: &str, body: &Value) -> TestRequest {
    send(Method::PATCH, path, body)
}

pub(crate) fn send_raw(method: Method, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> TestRequest {
    let body = body.into();
    TestRequest::with_uri(path)
        .method(method)
        .insert_header(("content-type", content_type))
        .insert_header(("content-length", body.len().to_string()))
        .set_payload(body)
}

/// Ada's request.
pub(crate) trait ByAda {
    fn by_ada(self) -> Self;
}

impl ByAda for TestRequest {
    fn by_ada(self) -> Self {
        self.insert_header(("cookie", ada::cookie(&ada::token())))
    }
}

/// Asks a door of its own, with these use cases behind it.
pub(crate) async fn ask(behind: Behind, request: TestRequest) -> Answer {
    ask_with(behind, request, None).await
}

/// The same with a body that is put together by hand.
pub(crate) async fn ask_with(behind: Behind, request: TestRequest, body: Option<Payload>) -> Answer {
    ask_all(behind, [(request, body)]).await.remove(0)
}

/// Asks one door one thing after the other.
pub(crate) async fn ask_often(behind: Behind, requests: impl IntoIterator<Item = TestRequest>) -> Vec<Answer> {
    ask_all(behind, requests.into_iter().map(|request| (request, None))).await
}

async fn ask_all(behind: Behind, requests: impl IntoIterator<Item = (TestRequest, Option<Payload>)>) -> Vec<Answer> {
    let api = behind.api();
    let door = init_service(
        App::new()
            .configure(configure(&api))
            .default_service(not_found_anywhere(&api)),
    )
    .await;
    let mut answers = Vec::new();
    for (request, body) in requests {
        let mut request = request.to_request();
        if let Some(body) = body {
            request = request.replace_payload(body).0;
        }
        let (method, path) = (request.method().clone(), request.path().to_owned());
        let response = match door.call(request).await {
            Ok(answer) => answer.into_parts().1.map_into_boxed_body(),
            // What actix makes of an error that reaches it.
            Err(error) => error.error_response(),
        };
        let (head, body) = response.into_parts();
        let answer = Answer {
            status: head.status(),
            headers: head.headers().clone(),
            text: String::from_utf8_lossy(&to_bytes(body).await.unwrap()).into_owned(),
        };
        holds_for_every_answer(&answer);
        is_documented(&method, &path, &answer);
        answers.push(answer);
    }
    answers
}

fn holds_for_every_answer(answer: &Answer) {
    let is_for_everybody = answer.header("cache-control").unwrap().starts_with("public");
    let id = answer.header("x-request-id").unwrap();
    assert!((8..=64).contains(&id.len()), "{id}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("cross-origin-resource-policy", "same-site"),
        ("vary", if is_for_everybody { "Origin" } else { "Origin, Cookie" }),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(
        answer
            .header("content-security-policy")
            .unwrap()
            .starts_with("default-src 'none'")
    );
    assert!(answer.header("cache-control").is_some());
    for absent in ["server", "x-powered-by"] {
        assert_eq!(answer.header(absent), None);
    }
    if answer.status.is_client_error() || answer.status.is_server_error() {
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{}",
            answer.text
        );
        let body = answer.json();
        if body.get("status").is_none() {
            assert_eq!(body["requestId"], id, "{body}");
            assert!(body["error"].is_string() && body["code"].is_string(), "{body}");
            assert_eq!(
                body.get("errors").is_some(),
                body["code"] == "VALIDATION_ERROR",
                "{body}"
            );
        }
    }
}
