//! What the log says of a request, and what it never does.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use actix_web::test::TestRequest;
use rookery_core::ports::PortError;
use rookery_core::{LogInError, SessionError};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{ByAda, ask, get, post};
use crate::behind::{Behind, nothing};

thread_local! {
    /// What was logged on this thread, while somebody asks for it. Each test runs on a thread of its own.
    static PAGE: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to the page of the thread that logs, if there is one.
#[derive(Clone, Copy)]
struct OwnPage;

impl Write for OwnPage {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        PAGE.with_borrow_mut(|page| {
            if let Some(page) = page {
                page.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that was logged while the request was served, at the most talkative level.
async fn logged(behind: Behind, request: TestRequest) -> (String, Vec<Value>) {
    // One subscriber for all threads: those of single threads, set side by side, make each other's events disappear.
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let talkative = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
        tracing::subscriber::set_global_default(talkative.with_writer(|| OwnPage).finish()).unwrap();
    });
    PAGE.set(Some(Vec::new()));
    ask(behind, request).await;
    let text = String::from_utf8(PAGE.take().unwrap()).unwrap();
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

// Proves: A51, ASVS 16.3.4
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
