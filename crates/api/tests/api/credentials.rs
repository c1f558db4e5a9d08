//! Cookies and bearer tokens: exact, tampered, doubled, foreign, oversized.

use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use rookery_core::SessionError;
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, ask, get};
use crate::behind::{Behind, is_hers, nothing};

const PATH: &str = "/api/users/me";

fn hers() -> String {
    ada::token().expose()
}

/// Reads Ada's profile with these headers; a well-formed token that is not hers opens nothing.
async fn read(public_url: &'static str, headers: &[(&'static str, HeaderValue)]) -> Answer {
    let mut behind = Behind {
        public_url,
        ..nothing()
    };
    behind.profiles.expect_read().returning(|token| {
        if is_hers(token) {
            Ok(ada::profile())
        } else {
            Err(SessionError::NotSignedIn)
        }
    });
    let request = headers.iter().fold(get(PATH), |request: TestRequest, (name, value)| {
        request.append_header((*name, value.clone()))
    });
    ask(behind, request).await
}

async fn opens(headers: &[(&'static str, String)]) {
    let answer = read("https://id.example.com", &values(headers)).await;
    assert_eq!(answer.status, 200, "{headers:?}");
    assert_eq!(answer.json()["id"], json!(ada::user()));
}

async fn opens_nothing(headers: &[(&'static str, String)]) {
    read("https://id.example.com", &values(headers)).await.is_unauthorized();
}

fn values(headers: &[(&'static str, String)]) -> Vec<(&'static str, HeaderValue)> {
    headers
        .iter()
        .map(|(name, value)| (*name, HeaderValue::from_bytes(value.as_bytes()).unwrap()))
        .collect()
}

#[actix_web::test]
async fn the_cookie_opens_wherever_it_stands() {
    let cookie = format!("__Host-sid={}", hers());
    for header in [
        cookie.clone(),
        format!("theme=dark; {cookie}"),
        format!("{cookie}; theme=dark"),
        format!("theme=dark;{cookie};x"),
        format!("=; {cookie} ;; =x"),
        format!("{cookie}; {cookie}"),
        format!("sid={}; {cookie}", ada::other_token().expose()),
        format!("__host-sid=x; __HOST-SID=y; {cookie}"),
    ] {
        opens(&[("cookie", header)]).await;
    }
    opens(&[("cookie", "theme=dark".into()), ("cookie", cookie)]).await;
}

// Proves: A25, ASVS 7.2.1
#[actix_web::test]
async fn a_tampered_truncated_or_foreign_cookie_opens_nothing() {
    let token = hers();
    let swapped: String = token.chars().rev().collect();
    for value in [
        String::new(),
        "garbage".into(),
        token[..42].to_owned(),
        format!("{token}="),
        format!("{token}A"),
        format!(" {} ", &token[..20]),
        format!("\"{token}\""),
        format!("{token}%20"),
        token.replacen(&token[..1], "%41", 1),
        swapped,
        "A".repeat(43),
        "A".repeat(8_000),
        "=".repeat(43),
        "../../../etc/passwd".into(),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.".into(),
        "{\"token\":\"x\"}".into(),
        "00000000-0000-7000-8000-000000000000".into(),
        format!("{token},{token}"),
    ] {
        opens_nothing(&[("cookie", format!("__Host-sid={value}"))]).await;
    }
}

// Proves: A21, ASVS 3.3.3
#[actix_web::test]
async fn only_the_exact_name_counts() {
    let token = hers();
    for name in [
        "sid",
        "__host-sid",
        "__HOST-SID",
        "__Host-SID",
        "__Secure-sid",
        "x__Host-sid",
        "__Host-sid2",
        "session",
    ] {
        opens_nothing(&[("cookie", format!("{name}={token}"))]).await;
    }
    opens_nothing(&[("cookie", format!("__Host-sid {token}"))]).await;
    opens_nothing(&[("cookie", format!("__Host-sid={token}").replace('=', ":"))]).await;
}

#[actix_web::test]
async fn on_this_machine_the_plain_cookie_counts_and_the_prefixed_one_does_not() {
    let local = "http://127.0.0.1:8080";
    let plain = values(&[("cookie", format!("sid={}", hers()))]);
    assert_eq!(read(local, &plain).await.status, 200);
    let prefixed = values(&[("cookie", format!("__Host-sid={}", hers()))]);
    read(local, &prefixed).await.is_unauthorized();
}

// Proves: A25
#[actix_web::test]
async fn two_different_tokens_are_no_token() {
    let (mine, other) = (hers(), ada::other_token().expose());
    let cookie = |token: &str| format!("__Host-sid={token}");
    opens_nothing(&[("cookie", format!("{}; {}", cookie(&mine), cookie(&other)))]).await;
    opens_nothing(&[("cookie", format!("{}; {}", cookie(&other), cookie(&mine)))]).await;
    opens_nothing(&[("cookie", format!("{}; {}", cookie(&mine), cookie("")))]).await;
    opens_nothing(&[("cookie", cookie(&mine)), ("cookie", cookie(&other))]).await;
    opens_nothing(&[("cookie", cookie(&mine)), ("authorization", format!("Bearer {other}"))]).await;
    opens_nothing(&[("cookie", cookie(&other)), ("authorization", format!("Bearer {mine}"))]).await;
    opens_nothing(&[("cookie", cookie(&mine)), ("authorization", "Bearer garbage".into())]).await;
    opens_nothing(&[
        ("authorization", format!("Bearer {mine}")),
        ("authorization", format!("Bearer {other}")),
    ])
    .await;
}

#[actix_web::test]
async fn a_bearer_token_opens_too() {
    let token = hers();
    opens(&[("authorization", format!("Bearer {token}"))]).await;
    opens(&[("authorization", format!("bearer {token}"))]).await;
    opens(&[("authorization", format!("BEARER   {token} "))]).await;
    opens(&[
        ("authorization", format!("Bearer {token}")),
        ("cookie", format!("__Host-sid={token}")),
    ])
    .await;
    // A proxy's own authentication is none of our business.
    opens(&[
        ("authorization", "Basic YWRhOmFkYQ==".into()),
        ("cookie", format!("__Host-sid={token}")),
    ])
    .await;
}

#[actix_web::test]
async fn a_malformed_authorization_opens_nothing() {
    let token = hers();
    for value in [
        String::new(),
        "Bearer".into(),
        "Bearer ".into(),
        format!("Bearer{token}"),
        token.clone(),
        format!("Bearer {token} {token}"),
        format!("Bearer {token}, Bearer {token}"),
        format!("Token {token}"),
        format!("Basic {token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer {}", "A".repeat(8_000)),
        "Bearer null".into(),
        "Bearer undefined".into(),
    ] {
        opens_nothing(&[("authorization", value)]).await;
    }
}

#[actix_web::test]
async fn bytes_that_are_no_text_open_nothing() {
    let table: [(&str, &[u8]); 4] = [
        ("cookie", b"__Host-sid=\xff\xfe\xfd"),
        ("cookie", b"\xff\xfe; __Host-sid"),
        ("authorization", b"Bearer \xff\xff"),
        ("authorization", b"\xf0\x9f\xa6\x80"),
    ];
    for (name, value) in table {
        let headers = [(name, HeaderValue::from_bytes(value).unwrap())];
        read("https://id.example.com", &headers).await.is_unauthorized();
    }
}

// Proves: A25, ASVS 14.2.1
#[actix_web::test]
async fn a_token_in_the_query_or_the_path_opens_nothing() {
    let token = hers();
    for path in [
        format!("{PATH}?token={token}"),
        format!("{PATH}?access_token={token}"),
        format!("{PATH}?__Host-sid={token}"),
    ] {
        ask(nothing(), get(&path)).await.is_unauthorized();
    }
    assert_eq!(ask(nothing(), get(&format!("{PATH}/{token}"))).await.status, 404);
}
