//! What the log says of a request, and what it never does.

use std::io::Write;
use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use rookery_core::ports::PortError;
use rookery_core::{LogInError, SessionError};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::ada;
use crate::ask::{ByAda, ask, get, post};
use crate::behind::{Behind, nothing};

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Page {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that was logged while the request was served, at the most talkative level.
async fn logged(behind: Behind, request: TestRequest) -> (String, Vec<Value>) {
    let page = Page::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(page.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    ask(behind, request).await;
    drop(guard);
    let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| {
            event["target"]
                .as_str()
                .is_some_and(|target| target.starts_with("rookery"))
        })
        .collect();
    (text, events)
}

#[actix_web::test]
async fn a_request_is_one_event_without_anything_personal() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_log_in()
        .once()
        .returning(|_| Err(LogInError::InvalidCredentials));
    let request = post(
        "/api/v1/auth/login?next=secret-query",
        &json!({"email": "ada@example.com", "password": "SecurePass123!"}),
    )
    .by_ada()
    .peer_addr("203.0.113.9:4711".parse().unwrap())
    .insert_header(("user-agent", "Mozilla/5.0"))
    .insert_header(("x-request-id", "the-request"));
    let (text, events) = logged(behind, request).await;
    assert_eq!(events.len(), 1, "{text}");
    let event = &events[0];
    assert_eq!(event["level"], "INFO");
    let fields = event["fields"].as_object().unwrap();
    assert_eq!(fields["method"], "POST");
    assert_eq!(fields["route"], "/api/auth/login");
    assert_eq!(fields["status"], 401);
    assert_eq!(fields["request_id"], "the-request");
    assert!(fields["latency_us"].is_u64());
    assert_eq!(fields.len(), 6, "and the message");
    let token = ada::token().expose();
    for secret in [
        "ada@",
        "example.com",
        "SecurePass123!",
        "secret-query",
        "203.0.113.9",
        "Mozilla",
        token.as_str(),
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[actix_web::test]
async fn a_path_that_is_not_ours_is_not_repeated() {
    let (text, events) = logged(nothing(), get("/api/reset/rst_secret-token")).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["fields"]["route"], "-");
    assert!(!text.contains("rst_secret-token"), "{text}");
}

#[actix_web::test]
async fn a_failure_is_told_once_with_its_whole_chain_and_the_request_id() {
    let mut behind = nothing();
    behind.profiles.expect_read().once().returning(|_| {
        Err(SessionError::Port(PortError::broken(
            "sessions.resolve",
            "column theme holds 'blue'",
        )))
    });
    let request = get("/api/users/me")
        .by_ada()
        .insert_header(("x-request-id", "the-request"));
    let (text, events) = logged(behind, request).await;
    let failures: Vec<&Value> = events.iter().filter(|event| event["level"] == "ERROR").collect();
    assert_eq!((events.len(), failures.len()), (2, 1), "{text}");
    assert_eq!(
        failures[0]["fields"]["cause"],
        "sessions.resolve failed: column theme holds 'blue'"
    );
    assert_eq!(failures[0]["fields"]["request_id"], "the-request");
    assert_eq!(text.matches("holds 'blue'").count(), 1);
}

#[actix_web::test]
async fn a_panic_is_told_with_its_words() {
    let mut behind = nothing();
    behind
        .profiles
        .expect_read()
        .once()
        .returning(|_| panic!("the sky fell"));
    let (text, events) = logged(behind, get("/api/users/me").by_ada()).await;
    assert_eq!(events.len(), 2, "{text}");
    assert_eq!(events[0]["fields"]["cause"], "a handler panicked: the sky fell");
    assert_eq!(
        (&events[1]["fields"]["status"], &events[1]["level"]),
        (&json!(500), &json!("INFO"))
    );
}

#[actix_web::test]
async fn what_a_use_case_logs_carries_the_request_id() {
    let mut behind = nothing();
    behind.profiles.expect_read().once().returning(|_| {
        tracing::warn!(target: "rookery_core", "the last use of a session could not be written");
        Ok(ada::profile())
    });
    let request = get("/api/users/me")
        .by_ada()
        .insert_header(("x-request-id", "the-request"));
    let (_, events) = logged(behind, request).await;
    assert_eq!(events[0]["span"]["request_id"], "the-request");
}
