//! How often somebody may ask: ATTACKS A30, A32 and A76.

use actix_web::test::TestRequest;
use rookery_core::domain::UserId;
use rookery_core::{LimitProfile, Registered, UnlockError};
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, ByAda, ask_often, get, post};
use crate::behind::{Behind, ada_signed_in, nothing};

fn limited(behind: Behind) -> Behind {
    Behind {
        limits: LimitProfile::Default,
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..behind
    }
}

/// A request that a proxy we trust has passed on from this address.
fn from(address: &str, request: TestRequest) -> TestRequest {
    request
        .peer_addr("10.0.0.1:4711".parse().unwrap())
        .insert_header(("x-forwarded-for", address))
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.dedup();
    statuses
}

fn says(answer: &Answer, policy: &str, left: &str) {
    assert_eq!(answer.header("ratelimit-policy"), Some(policy), "{}", answer.text);
    assert_eq!(answer.header("ratelimit"), Some(left), "{}", answer.text);
}

#[actix_web::test]
async fn reads_are_counted_by_person_and_every_answer_says_what_is_left() {
    let mut behind = limited(ada_signed_in());
    behind.profiles.expect_read().returning(|_| Ok(ada::profile()));
    let reads = (0..1001).map(|turn| {
        let path = if turn % 2 == 0 {
            "/api/users/me"
        } else {
            "/api/auth/session"
        };
        // From wherever: it is the person who is counted.
        from(&format!("192.0.2.{}", turn % 250), get(path)).by_ada()
    });
    let answers = ask_often(behind, reads).await;
    says(&answers[0], "\"reads\";q=1000;w=60", "\"reads\";r=999;t=60");
    says(&answers[999], "\"reads\";q=1000;w=60", "\"reads\";r=0;t=60");
    assert_eq!(statuses(&answers), [200, 429]);
    let last = answers.last().unwrap();
    last.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    says(last, "\"reads\";q=1000;w=60", "\"reads\";r=0;t=60");
    assert_eq!(last.header("retry-after"), Some("60"));
}

#[actix_web::test]
async fn whoever_has_no_session_is_counted_by_network_and_takes_nothing_from_those_who_have_one() {
    let mut behind = limited(ada_signed_in());
    behind.profiles.expect_read().returning(|_| Ok(ada::profile()));
    let asks = |path: &'static str| from("2001:db8:1:2::7", get(path));
    let forged = format!("__Host-sid={}", ada::other_token().expose());
    let mut requests: Vec<TestRequest> = (0..300)
        .map(|turn| match turn % 3 {
            0 => asks("/api/users/me"),
            1 => asks("/api/auth/session").insert_header(("cookie", forged.as_str())),
            _ => asks("/api/openapi.json"),
        })
        .collect();
    requests.push(from("2001:db8:1:2:ffff::9", get("/api/users/me")));
    requests.push(from("2001:db8:1:2::7", get("/api/openapi.json")));
    requests.push(from("2001:db8:1:2::7", post("/api/auth/logout", &json!({}))));
    requests.push(from("2001:db8:1:3::7", get("/api/users/me")));
    requests.push(from("2001:db8:1:2::7", get("/api/auth/session")).by_ada());
    let answers = ask_often(behind, requests).await;
    says(&answers[0], "\"anonymous\";q=300;w=60", "\"anonymous\";r=299;t=60");
    assert!(answers[..300].iter().all(|answer| answer.status != 429));
    for answer in &answers[300..303] {
        answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
        says(answer, "\"anonymous\";q=300;w=60", "\"anonymous\";r=0;t=60");
    }
    answers[303].is_unauthorized();
    assert_eq!(
        answers[304].status, 200,
        "a session counts for its person, wherever it is"
    );
}

/// ATTACKS A30: neither a forged `X-Forwarded-For` nor another way to write the path makes another counter.
// Proves: A30
#[actix_web::test]
async fn a_stranger_s_word_on_where_he_is_makes_no_other_counter() {
    let mut behind = limited(nothing());
    behind.recovery.expect_request().times(30).returning(|_, _| Ok(()));
    let asks = (0..40).map(|turn| {
        let path = ["/api/auth/forgot-password", "/api/v1/auth/forgot-password"][turn % 2];
        post(path, &json!({"email": format!("person{turn}@example.com")}))
            .peer_addr("203.0.113.9:4711".parse().unwrap())
            .insert_header(("x-forwarded-for", format!("192.0.2.{turn}")))
    });
    let answers = ask_often(behind, asks).await;
    assert_eq!(statuses(&answers), [200, 429]);
    says(&answers[0], "\"mail\";q=30;w=3600", "\"mail\";r=29;t=3600");
    says(&answers[39], "\"mail\";q=30;w=3600", "\"mail\";r=0;t=3600");
    assert_eq!(answers[39].header("retry-after"), Some("3600"));
}

// Proves: A30
#[actix_web::test]
async fn paths_that_are_almost_a_route_reach_nothing() {
    let mut behind = limited(nothing());
    behind.recovery.expect_request().times(1).returning(|_, _| Ok(()));
    let body = json!({"email": "ada@example.com"});
    let answers = Box::pin(ask_often(
        behind,
        [
            "/api/auth//forgot-password",
            "/api//auth/forgot-password",
            "/api/auth/forgot-password/",
            // Percent-encoded, it is the same route and the same counter.
            "/api/auth/%66orgot-password",
        ]
        .map(|path| post(path, &body)),
    ))
    .await;
    assert_eq!(statuses(&answers), [404, 200]);
    says(&answers[3], "\"mail\";q=30;w=3600", "\"mail\";r=29;t=3600");
}

// Proves: ASVS 2.4.1
#[actix_web::test]
async fn sign_ups_are_counted_by_network_whether_or_not_they_succeed() {
    let mut behind = limited(nothing());
    let mut turn = 0;
    behind
        .registration
        .expect_register()
        .times(60)
        .returning(move |sign_up| {
            turn += 1;
            if turn % 2 == 0 {
                return Err(rookery_core::RegistrationError::EmailTaken);
            }
            Ok(Registered {
                user: UserId::new(ada::noon(), &[9; 10]),
                email: sign_up.email,
                name: None,
            })
        });
    let body = json!({"email": "ada@example.com", "password": "correct horse battery staple"});
    let answers = ask_often(behind, (0..61).map(|_| post("/api/auth/signup", &body))).await;
    says(&answers[0], "\"sign-up\";q=60;w=600", "\"sign-up\";r=59;t=600");
    says(&answers[1], "\"sign-up\";q=60;w=600", "\"sign-up\";r=58;t=600");
    assert_eq!((answers[0].status.as_u16(), answers[1].status.as_u16()), (201, 409));
    answers[60].is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
}

#[actix_web::test]
async fn what_is_badly_asked_is_told_so_and_not_counted() {
    let behind = limited(nothing());
    let answers = ask_often(behind, (0..100).map(|_| post("/api/auth/signup", &json!({"email": 7})))).await;
    assert_eq!(statuses(&answers), [400]);
    assert_eq!(answers[0].header("ratelimit"), None);
}

// Proves: ASVS 2.4.1
#[actix_web::test]
async fn all_mailed_tokens_share_one_counter() {
    let mut behind = limited(nothing());
    let refuse = || rookery_core::RecoveryError::InvalidToken;
    behind.recovery.expect_reset().returning(move |_| Err(refuse()));
    behind
        .verification
        .expect_verify()
        .returning(|_, _| Err(rookery_core::VerificationError::InvalidToken));
    behind
        .unlocking
        .expect_unlock()
        .returning(|_| Err(UnlockError::InvalidToken));
    let ways = [
        (
            "/api/auth/reset-password",
            json!({"token": "rst_x", "newPassword": "correct horse battery staple"}),
        ),
        ("/api/auth/verify-email", json!({"token": "vfy_x"})),
        ("/api/auth/unlock", json!({"token": "unl_x"})),
    ];
    let answers = ask_often(behind, (0..33).map(|turn| post(ways[turn % 3].0, &ways[turn % 3].1))).await;
    assert_eq!(statuses(&answers), [400, 429]);
    says(
        &answers[29],
        "\"mailed-token\";q=30;w=3600",
        "\"mailed-token\";r=0;t=3600",
    );
}

#[actix_web::test]
async fn a_health_check_is_never_refused() {
    let answers = ask_often(limited(nothing()), (0..700).map(|_| get("/api/health/live"))).await;
    assert_eq!(statuses(&answers), [200]);
    assert_eq!(answers[0].header("ratelimit"), None);
}

#[actix_web::test]
async fn pages_may_read_what_is_left() {
    let behind = limited(ada_signed_in());
    let request = get("/api/auth/session")
        .by_ada()
        .insert_header(("origin", "https://app.example.com"));
    let answers = ask_often(behind, [request]).await;
    assert_eq!(
        answers[0].header("access-control-expose-headers"),
        Some("x-request-id, retry-after, ratelimit, ratelimit-policy, etag, link, content-disposition")
    );
}

/// ATTACKS A76: without counters what guards a secret is refused, and what is only read goes on.
// Proves: A76
#[actix_web::test]
async fn counters_that_do_not_answer_let_reads_pass_and_nothing_with_a_secret() {
    let mut behind = ada_signed_in();
    behind.broken_counters = true;
    let answers = Box::pin(ask_often(
        behind,
        [
            get("/api/auth/session").by_ada(),
            get("/api/auth/session"),
            post("/api/auth/forgot-password", &json!({"email": "ada@example.com"})),
            post(
                "/api/auth/signup",
                &json!({"email": "ada@example.com", "password": "correct horse battery staple"}),
            ),
            post("/api/auth/unlock", &json!({"token": "unl_x"})),
        ],
    ))
    .await;
    assert_eq!(answers[0].status, 200);
    answers[1].is_unauthorized();
    for answer in &answers[2..] {
        answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
    }
}

#[actix_web::test]
async fn limits_that_are_off_say_nothing() {
    let answers = ask_often(ada_signed_in(), (0..1100).map(|_| get("/api/auth/session").by_ada())).await;
    assert_eq!(statuses(&answers), [200]);
    assert_eq!(answers[0].header("ratelimit-policy"), None);
}
