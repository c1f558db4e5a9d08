//! Bodies that trickle in. Time stands still in these tests, and jumps to whatever is waited for.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::ask::{ByAda, ask_with};
use crate::behind::{ada_signed_in, nothing};

fn promising(path: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("content-type", "application/json"))
        .insert_header(("content-length", "100"))
        .by_ada()
}

/// A byte every so often, for ever.
fn trickle(pause: Duration) -> Payload {
    let bytes = stream::unfold((), move |()| async move {
        tokio::time::sleep(pause).await;
        Some((Ok(Bytes::from_static(b" ")), ()))
    });
    Payload::Stream {
        payload: bytes.boxed_local(),
    }
}

#[actix_web::test]
async fn a_body_that_never_comes_is_cut_after_15_seconds() {
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    let silent = Payload::Stream {
        payload: stream::pending().boxed_local(),
    };
    let answer = ask_with(nothing(), promising("/api/auth/login"), Some(silent)).await;
    answer.is_problem(408, "REQUEST_TIMEOUT", "Request body took too long");
    assert_eq!(started.elapsed().as_secs(), 15);
}

#[actix_web::test]
async fn a_body_that_trickles_is_cut_all_the_same() {
    tokio::time::pause();
    for (path, behind) in [
        ("/api/auth/signup", nothing()),
        ("/api/auth/forgot-password", nothing()),
        ("/api/users/me/change-password", ada_signed_in()),
    ] {
        let started = tokio::time::Instant::now();
        let answer = ask_with(behind, promising(path), Some(trickle(Duration::from_secs(4)))).await;
        answer.is_problem(408, "REQUEST_TIMEOUT", "Request body took too long");
        assert_eq!(started.elapsed().as_secs(), 15);
    }
}

#[actix_web::test]
async fn a_body_that_takes_its_time_within_reason_is_read() {
    tokio::time::pause();
    let mut behind = nothing();
    behind.recovery.expect_request().once().returning(|_, _| Ok(()));
    let text = json!({"email": "ada@example.com"}).to_string();
    let chunks: Vec<Bytes> = text.as_bytes().chunks(4).map(Bytes::copy_from_slice).collect();
    let body = stream::iter(chunks).then(|chunk| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(chunk)
    });
    let payload = Payload::Stream {
        payload: body.boxed_local(),
    };
    let answer = ask_with(behind, promising("/api/auth/forgot-password"), Some(payload)).await;
    assert_eq!(answer.status, 200);
}

#[actix_web::test]
async fn a_body_that_breaks_off_is_a_400() {
    let broken = stream::iter([
        Ok(Bytes::from_static(b"{\"email\":")),
        Err(actix_web::error::PayloadError::Incomplete(None)),
    ]);
    let payload = Payload::Stream {
        payload: broken.boxed_local(),
    };
    let answer = ask_with(nothing(), promising("/api/auth/login"), Some(payload)).await;
    answer.is_problem(400, "BAD_REQUEST", "Bad request");
}
