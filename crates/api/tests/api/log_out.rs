//! `POST /api/auth/logout`

use actix_web::test::TestRequest;
use rookery_core::SessionError;
use rookery_core::ports::PortError;
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, get, post, send_raw};
use crate::behind::{Behind, is_hers, nothing};

const PATH: &str = "/api/auth/logout";
const CLEARED: &str =
    "__Host-sid=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

fn bare() -> TestRequest {
    TestRequest::post().uri(PATH)
}

fn ending() -> Behind {
    let mut behind = nothing();
    behind
        .sessions
        .expect_log_out()
        .once()
        .withf(|token, _| is_hers(token))
        .returning(|_, _| Ok(()));
    behind
}

// Proves: A23, ASVS 14.3.1
#[actix_web::test]
async fn the_session_ends_and_the_cookie_goes() {
    let answer = ask(ending(), bare().by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "message": "Logged out successfully"})
    );
    assert_eq!(answer.set_cookies(), [CLEARED]);
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\",\"storage\""));
}

#[actix_web::test]
async fn a_body_may_be_left_out_or_be_empty_or_hold_anything() {
    for request in [
        bare().insert_header(("content-length", "0")),
        bare()
            .insert_header(("content-length", "0"))
            .insert_header(("content-type", "application/x-www-form-urlencoded")),
        post(PATH, &json!({})),
        post(PATH, &json!({"userId": "somebody else"})),
        send_raw(actix_web::http::Method::POST, PATH, "application/json", "{"),
    ] {
        assert_eq!(ask(ending(), request.by_ada()).await.status, 200);
    }
}

#[actix_web::test]
async fn on_this_machine_the_cookie_that_goes_is_the_one_that_was_set() {
    let behind = Behind {
        public_url: "http://localhost:8080",
        ..ending()
    };
    let answer = ask(
        behind,
        bare().insert_header(("cookie", format!("sid={}", ada::token().expose()))),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.set_cookies(),
        ["sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
    );
}

#[actix_web::test]
async fn without_a_session_it_is_a_401_that_takes_the_stale_cookie_away() {
    for cookie in [None, Some("__Host-sid=garbage"), Some("other=1")] {
        let request = cookie
            .into_iter()
            .fold(bare(), |request, cookie| request.insert_header(("cookie", cookie)));
        let answer = ask(nothing(), request).await;
        answer.is_unauthorized();
        assert_eq!(answer.set_cookies(), [CLEARED]);
        assert_eq!(answer.header("clear-site-data"), None);
    }
    let mut behind = nothing();
    behind
        .sessions
        .expect_log_out()
        .once()
        .returning(|_, _| Err(SessionError::NotSignedIn));
    let answer = ask(behind, bare().by_ada()).await;
    answer.is_unauthorized();
    assert_eq!(answer.set_cookies(), [CLEARED]);
}

#[actix_web::test]
async fn a_session_that_could_not_be_ended_keeps_its_cookie() {
    let mut behind = nothing();
    behind
        .sessions
        .expect_log_out()
        .once()
        .returning(|_, _| Err(PortError::unavailable("sessions.end", "no route to host").into()));
    let answer = ask(behind, bare().by_ada()).await;
    answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
    assert!(answer.set_cookies().is_empty());
}

// Proves: A23, ASVS 3.5.3
#[actix_web::test]
async fn a_link_cannot_log_anybody_out() {
    let answer = ask(nothing(), get(PATH).by_ada()).await;
    answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
}
