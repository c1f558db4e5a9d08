//! `GET /api/health`, `/api/health/live` and `/api/health/ready`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::Health;
use serde_json::json;

use crate::ada;
use crate::ask::{ask, get};
use crate::behind::{Behind, nothing};

fn being(healthy: bool) -> Behind {
    let mut behind = nothing();
    behind.health.expect_check().once().returning(move || Health {
        healthy,
        at: ada::noon(),
        uptime: Duration::milliseconds(3_600_999),
    });
    behind
}

#[actix_web::test]
async fn a_healthy_service_says_so() {
    for path in ["/api/health", "/api/health/ready", "/api/v1/health"] {
        let answer = ask(being(true), get(path)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.text,
            r#"{"status":"healthy","timestamp":"2025-10-27T12:00:00.000Z","uptime":3600,"version":"1.2.3"}"#
        );
    }
}

#[actix_web::test]
async fn an_unhealthy_service_says_when_to_ask_again() {
    for path in ["/api/health", "/api/health/ready"] {
        let answer = ask(being(false), get(path)).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), Some("2"));
        assert_eq!(
            answer.json(),
            json!({"status": "unhealthy", "timestamp": "2025-10-27T12:00:00.000Z", "uptime": 3600, "version": "1.2.3"})
        );
    }
}

#[actix_web::test]
async fn head_asks_the_same_question() {
    for (healthy, status) in [(true, 200), (false, 503)] {
        let request = TestRequest::with_uri("/api/health").method(Method::HEAD);
        assert_eq!(ask(being(healthy), request).await.status, status);
    }
}

#[actix_web::test]
async fn a_process_that_answers_is_live_whatever_its_database_does() {
    let answer = ask(nothing(), get("/api/health/live")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({"status": "live"}));
}
