//! What a client says about itself, and how far it is believed.

use actix_web::test::TestRequest;
use rookery_api::IpNet;
use rookery_core::domain::Caller;
use rookery_core::{LogInOutcome, LoggedIn};
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, get, post};
use crate::behind::{Behind, is_hers, nothing};

const PATH: &str = "/api/auth/forgot-password";

/// Asks for a reset mail and has the caller that reached the use case judged.
async fn calling(
    proxies: &[&str],
    dress: impl Fn(TestRequest) -> TestRequest,
    expected: impl Fn(&Caller) -> bool + Send + Sync + 'static,
) {
    let mut behind = nothing();
    behind.trusted_proxies = proxies
        .iter()
        .map(|network| network.parse::<IpNet>().unwrap())
        .collect();
    behind
        .recovery
        .expect_request()
        .once()
        .withf(move |_, caller| expected(caller))
        .returning(|_, _| Ok(()));
    let answer = ask(behind, dress(post(PATH, &json!({"email": "ada@example.com"})))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

fn at(address: &'static str) -> impl Fn(&Caller) -> bool + Send + Sync + 'static {
    move |caller| caller.address.is_some_and(|seen| seen.to_string() == address)
}

// Proves: ASVS 4.1.3, 15.3.4
#[actix_web::test]
async fn the_callers_address_is_the_peers_whatever_the_headers_say() {
    calling(
        &[],
        |request| {
            request
                .peer_addr("203.0.113.9:4711".parse().unwrap())
                .insert_header(("x-forwarded-for", "198.51.100.1"))
                .insert_header(("x-real-ip", "198.51.100.2"))
                .insert_header(("forwarded", "for=198.51.100.3"))
                .insert_header(("cf-connecting-ip", "198.51.100.4"))
                .insert_header(("true-client-ip", "198.51.100.5"))
        },
        at("203.0.113.9"),
    )
    .await;
}

#[actix_web::test]
async fn behind_a_configured_proxy_it_is_what_that_proxy_says() {
    let through = |peer: &'static str, forwarded: &'static str| {
        move |request: TestRequest| {
            request
                .peer_addr(peer.parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
        }
    };
    calling(
        &["10.0.0.0/8"],
        through("10.0.0.1:80", "6.6.6.6, 198.51.100.1, 10.0.0.2"),
        at("198.51.100.1"),
    )
    .await;
    calling(
        &["10.0.0.0/8"],
        through("[::ffff:10.0.0.1]:80", "198.51.100.1"),
        at("198.51.100.1"),
    )
    .await;
    calling(
        &["10.0.0.0/8"],
        through("192.0.2.1:80", "198.51.100.1"),
        at("192.0.2.1"),
    )
    .await;
    calling(&["10.0.0.0/8"], through("10.0.0.1:80", "localhost"), at("10.0.0.1")).await;
}

#[actix_web::test]
async fn a_clients_name_is_kept_printable_and_short() {
    calling(&[], |request| request, |caller| caller.user_agent.is_none()).await;
    calling(
        &[],
        |request| request.insert_header(("user-agent", "Mozilla/5.0 (X11)\tAda")),
        |caller| caller.user_agent.as_deref() == Some("Mozilla/5.0 (X11)Ada"),
    )
    .await;
    calling(
        &[],
        |request| request.insert_header(("user-agent", "x".repeat(5_000))),
        |caller| {
            caller
                .user_agent
                .as_ref()
                .is_some_and(|name| name.len() == Caller::MAX_USER_AGENT)
        },
    )
    .await;
    calling(
        &[],
        |request| {
            let bytes = actix_web::http::header::HeaderValue::from_bytes(b"\xff\xfe").unwrap();
            request.insert_header(("user-agent", bytes))
        },
        |caller| caller.user_agent.as_deref() == Some("\u{fffd}\u{fffd}"),
    )
    .await;
}

#[actix_web::test]
async fn the_callers_request_id_is_the_one_of_the_answer() {
    calling(
        &[],
        |request| request.insert_header(("x-request-id", "from-the-client")),
        |caller| caller.request_id.as_deref() == Some("from-the-client"),
    )
    .await;
}

const IDENTITY: [&str; 9] = [
    "x-user-id",
    "x-tenant-id",
    "x-user-email",
    "x-user-roles",
    "x-forwarded-user",
    "x-forwarded-email",
    "x-authenticated-user",
    "remote-user",
    "x-middleware-subrequest",
];

// Proves: A44, A71, ASVS 8.3.1
#[actix_web::test]
async fn headers_that_assert_an_identity_open_nothing_and_switch_nobody() {
    for header in IDENTITY {
        let request = get("/api/users/me").insert_header((header, ada::user().to_string()));
        ask(nothing(), request).await.is_unauthorized();

        let mut behind = nothing();
        behind
            .profiles
            .expect_read()
            .once()
            .withf(is_hers)
            .returning(|_| Ok(ada::profile()));
        let request = get("/api/users/me").by_ada().insert_header((header, "somebody-else"));
        assert_eq!(ask(behind, request).await.json()["id"], json!(ada::user()));
    }
}

// Proves: A03
#[actix_web::test]
async fn a_forged_host_or_scheme_changes_neither_cookie_nor_body() {
    for (public_url, cookie) in [
        ("https://id.example.com", "__Host-sid"),
        ("http://localhost:8080", "sid"),
    ] {
        for headers in [
            [("host", "evil.example"), ("x-forwarded-proto", "http")],
            [("host", "localhost"), ("x-forwarded-proto", "https")],
            [
                ("x-forwarded-host", "evil.example"),
                ("forwarded", "host=evil.example;proto=javascript"),
            ],
        ] {
            let mut behind = Behind {
                public_url,
                ..nothing()
            };
            behind.authentication.expect_log_in().once().returning(|_| {
                Ok(LogInOutcome::LoggedIn(LoggedIn {
                    user: ada::user(),
                    email: ada::email(),
                    name: None,
                    token: ada::token(),
                    expires: ada::noon(),
                    remembered: false,
                    device: rookery_core::domain::DeviceToken::from_entropy([6; 32]),
                    kept: false,
                }))
            });
            let request = headers.into_iter().fold(
                post("/api/auth/login", &json!({"email": "ada@example.com", "password": "x"})),
                TestRequest::insert_header,
            );
            let answer = ask(behind, request).await;
            let set = answer.set_cookies();
            assert!(set[0].starts_with(&format!("{cookie}=")), "{set:?}");
            assert_eq!(set[0].contains("Secure"), public_url.starts_with("https"));
            assert!(!set[0].contains("Domain") && !answer.text.contains("evil"));
        }
    }
}
