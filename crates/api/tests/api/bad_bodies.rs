//! Bodies that are no JSON object of a bearable size, on every route that takes one.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Bytes;
use futures_util::StreamExt;
use futures_util::stream;

use crate::ask::{Answer, ByAda, ask, ask_with, send_raw};
use crate::behind::{Behind, ada_signed_in, nothing};

const LIMIT: usize = 16 * 1024;

/// A method, a path, and what stands behind the door.
type Route = (Method, &'static str, fn() -> Behind);

fn routes() -> Vec<Route> {
    vec![
        (Method::POST, "/api/auth/signup", nothing),
        (Method::POST, "/api/auth/login", nothing),
        (Method::POST, "/api/auth/forgot-password", nothing),
        (Method::POST, "/api/auth/reset-password", nothing),
        (Method::POST, "/api/auth/verify-email", nothing),
        (Method::POST, "/api/auth/resend-verification", nothing),
        (Method::POST, "/api/auth/reauthenticate", ada_signed_in),
        (Method::PATCH, "/api/users/me", ada_signed_in),
        (Method::POST, "/api/users/me/change-password", ada_signed_in),
        (Method::POST, "/api/users/me/change-email", ada_signed_in),
        (Method::POST, "/api/auth/confirm-email", nothing),
        (Method::POST, "/api/auth/undo", nothing),
    ]
}

/// What every route says to the same body of the same kind.
async fn everywhere(content_type: &str, body: &[u8], check: impl Fn(&Answer)) {
    for (method, path, behind) in routes() {
        check(&ask(behind(), send_raw(method, path, content_type, body).by_ada()).await);
    }
}

#[actix_web::test]
async fn what_is_no_json_is_a_400_on_the_whole() {
    for body in [
        b"".as_slice(),
        b" \n",
        b"{",
        b"}",
        b"{\"email\"}",
        b"{\"email\":}",
        b"{\"email\": \"ada@example.com\",}",
        b"{email: \"ada@example.com\"}",
        b"{'email': 'ada@example.com'}",
        b"{} {}",
        b"{}x",
        b"not json",
        b"email=ada%40example.com",
        b"<email>ada@example.com</email>",
        b"{\"email\": \"\\ud800\", \"name\": \"\\ud800\", \"token\": \"\\ud800\", \"newPassword\": \"\\ud800\", \"password\": \"\\ud800\"}",
        b"{\"email\": NaN, \"name\": NaN, \"token\": NaN, \"newPassword\": NaN, \"password\": NaN}",
        b"{\"email\": 1e999, \"name\": 1e999, \"token\": 1e999, \"newPassword\": 1e999, \"password\": 1e999}",
        b"{\"x\": \"\xff\xfe\"}",
        b"{\"email\": \"\xed\xa0\x80@example.com\"}",
        b"{\"\xc3\x28\": 1}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
        b"{\"email\": \"a\nb\", \"name\": \"a\nb\", \"token\": \"a\nb\", \"newPassword\": \"a\nb\", \"password\": \"a\nb\"}",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    ] {
        everywhere("application/json", body, |answer| {
            answer.has_violations(&[("", "Request body must be valid JSON")]);
        })
        .await;
    }
}

#[actix_web::test]
async fn json_that_is_no_object_is_a_400_on_the_whole() {
    for body in [
        "[]",
        "[{}]",
        "null",
        "true",
        "42",
        "\"ada@example.com\"",
        r#"["ada@example.com", "SecurePass123!", "Ada"]"#,
        " [1]",
    ] {
        everywhere("application/json", body.as_bytes(), |answer| {
            answer.has_violations(&[("", "Request body must be a JSON object")]);
        })
        .await;
    }
}

// Proves: A36, ASVS 15.3.7
#[actix_web::test]
async fn a_known_key_given_twice_is_a_400_on_the_whole() {
    let body = br#"{"email": "a@example.com", "email": "b@example.com", "name": "a", "name": "b",
        "token": "a", "token": "b", "newPassword": "a", "newPassword": "b",
        "password": "a", "password": "b"}"#;
    everywhere("application/json", body, |answer| {
        answer.has_violations(&[("", "Request body must be valid JSON")]);
    })
    .await;
}

// Proves: A36
#[actix_web::test]
async fn deep_and_wide_bodies_are_refused_or_ignored_but_never_a_failure() {
    let deep_list = format!("{{\"email\": {}1{}}}", "[".repeat(7_000), "]".repeat(7_000));
    let deep_map = format!("{}1{}", "{\"email\":".repeat(1_500), "}".repeat(1_500));
    let unknown = format!("{{\"x\": {}1{}}}", "[".repeat(7_000), "]".repeat(7_000));
    let open = "[".repeat(LIMIT);
    let wide = format!(
        "{{{}}}",
        (0..1_500).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(",")
    );
    let long_number = format!("{{\"email\": {}}}", "9".repeat(16_000));
    for body in [deep_list, deep_map, unknown, open, wide, long_number] {
        everywhere("application/json", body.as_bytes(), |answer| {
            answer.violations();
        })
        .await;
    }
}

// Proves: A34
#[actix_web::test]
async fn a_body_may_be_16_kib_and_not_a_byte_more() {
    let padded = |size: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(size - 8)).into_bytes();
    everywhere("application/json", &padded(LIMIT), |answer| {
        answer.violations();
    })
    .await;
    everywhere("application/json", &padded(LIMIT + 1), is_too_large).await;
    everywhere("application/json", &vec![b'{'; 1 << 20], is_too_large).await;
}

fn is_too_large(answer: &Answer) {
    answer.is_problem(413, "PAYLOAD_TOO_LARGE", "Request body is too large");
}

// Proves: A37
#[actix_web::test]
async fn a_body_that_only_claims_to_be_large_is_not_waited_for() {
    for (method, path, behind) in routes() {
        for length in [LIMIT as u64 + 1, u64::MAX] {
            let request = send_raw(method.clone(), path, "application/json", "{}")
                .insert_header(("content-length", length.to_string()))
                .by_ada();
            let endless = Payload::Stream {
                payload: stream::pending().boxed_local(),
            };
            is_too_large(&ask_with(behind(), request, Some(endless)).await);
        }
    }
}

#[actix_web::test]
async fn a_streamed_body_is_cut_at_the_same_size() {
    for (method, path, behind) in routes() {
        let request = actix_web::test::TestRequest::with_uri(path)
            .method(method)
            .insert_header(("content-type", "application/json"))
            .insert_header(("transfer-encoding", "chunked"))
            .by_ada();
        let endless = Payload::Stream {
            payload: stream::repeat_with(|| Ok(Bytes::from_static(&[b' '; 1024]))).boxed_local(),
        };
        is_too_large(&ask_with(behind(), request, Some(endless)).await);
    }
}

// Proves: A27, ASVS 3.5.2
#[actix_web::test]
async fn a_body_of_another_type_is_a_415() {
    for content_type in [
        "",
        "text/plain",
        "text/plain;application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.api+json",
        "application/json-patch+json",
        "application/jsonp",
        "text/json",
        "*/*",
        "json",
        "application/json, text/plain",
    ] {
        everywhere(content_type, br#"{"email": "ada@example.com"}"#, |answer| {
            answer.is_problem(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json");
        })
        .await;
    }
}

#[actix_web::test]
async fn a_body_without_a_type_or_with_two_is_a_415() {
    for (method, path, behind) in routes() {
        let bare = actix_web::test::TestRequest::with_uri(path)
            .method(method.clone())
            .insert_header(("content-length", "2"))
            .set_payload("{}")
            .by_ada();
        assert_eq!(ask(behind(), bare).await.status, 415);
        let two =
            send_raw(method.clone(), path, "application/json", "{}").append_header(("content-type", "text/plain"));
        assert_eq!(ask(behind(), two.by_ada()).await.status, 415);
        // A body that no header announced, as HTTP/2 allows.
        let unannounced = actix_web::test::TestRequest::with_uri(path)
            .method(method)
            .set_payload("{}")
            .by_ada();
        assert_eq!(ask(behind(), unannounced).await.status, 415);
    }
}

// Proves: A37
#[actix_web::test]
async fn a_packed_body_is_a_415() {
    for coding in ["gzip", "br", "deflate", "zstd", "gzip, gzip", "x"] {
        for (method, path, behind) in routes() {
            let request = send_raw(method, path, "application/json", "{}").insert_header(("content-encoding", coding));
            ask(behind(), request.by_ada()).await.is_problem(
                415,
                "UNSUPPORTED_MEDIA_TYPE",
                "Content-Encoding is not supported",
            );
        }
    }
    for (method, path, behind) in routes() {
        // Codings know no case, and a second header adds another one.
        let plain = || {
            send_raw(method.clone(), path, "application/json", "[]")
                .insert_header(("content-encoding", "Identity"))
                .by_ada()
        };
        assert_eq!(ask(behind(), plain()).await.status, 400);
        let twice = plain().append_header(("content-encoding", "gzip"));
        assert_eq!(ask(behind(), twice).await.status, 415);
    }
}

#[actix_web::test]
async fn a_charset_and_any_case_of_the_type_are_fine() {
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON ; Charset=\"utf-8\"",
    ] {
        everywhere(content_type, b"{}", |answer| {
            answer.violations();
        })
        .await;
    }
}

// Proves: A36
#[actix_web::test]
async fn no_answer_holds_the_parsers_words() {
    for body in ["{\"email\": tru", "{\"email\" 1}", "[1,", "{\"email\":\"\\x\"}"] {
        everywhere("application/json", body.as_bytes(), |answer| {
            for word in [
                "line",
                "column",
                "expected",
                "EOF",
                "invalid type",
                "serde",
                "missing field",
            ] {
                assert!(!answer.text.contains(word), "{}", answer.text);
            }
        })
        .await;
    }
}

#[actix_web::test]
async fn an_escape_is_the_character_it_stands_for() {
    let mut behind = nothing();
    behind
        .recovery
        .expect_request()
        .once()
        .withf(|email, _| email.as_str() == "ada@example.com")
        .returning(|_, _| Ok(()));
    let request = send_raw(
        Method::POST,
        "/api/auth/forgot-password",
        "application/json",
        r#"{"\u0065mail": "\u0061da@example.com"}"#,
    );
    assert_eq!(ask(behind, request).await.status, 200);
}
