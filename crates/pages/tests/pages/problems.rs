//! What somebody sees when something goes wrong that no form can put right.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::{Health, PortError, SessionError};

use crate::ada;
use crate::ask::browser;
use crate::behind::nothing;

#[actix_web::test]
async fn a_path_nobody_serves_is_a_page_that_says_so() {
    for path in [
        "/nothing",
        "/settings/nothing",
        "/login/",
        "/..%2f",
        "/%00",
        "/index.php?x=%3Cscript%3E",
    ] {
        let answer = browser(nothing()).get(path).await;
        answer.is_page(404, "There is no such page · Rookery");
        assert!(
            answer.has(answer.header("x-request-id").unwrap()) && !answer.has("<script>"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn another_method_is_told_which_there_are() {
    let answer = browser(nothing())
        .ask(TestRequest::with_uri("/login").method(Method::DELETE))
        .await;
    answer.is_page(405, "This page cannot do that · Rookery");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"));
}

#[actix_web::test]
async fn a_database_that_does_not_answer_is_not_mistaken_for_nobody() {
    let mut behind = nothing();
    behind
        .sessions
        .expect_authenticate()
        .returning(|_| Err(SessionError::Port(PortError::unavailable("sessions.find", "gone"))));
    let answer = browser(behind).with_session().get("/settings/profile").await;
    answer.is_page(503, "We will be back in a moment · Rookery");
}

#[actix_web::test]
async fn a_panic_is_a_page_too() {
    // No expectation: the mock panics.
    let answer = browser(nothing()).with_session().get("/settings/profile").await;
    answer.is_page(500, "Something went wrong · Rookery");
}

#[actix_web::test]
async fn a_problem_is_told_in_the_language_of_whoever_meets_it() {
    let mut browser = browser(nothing());
    browser.says.push(("accept-language", "es-MX, en;q=0.5"));
    browser
        .get("/nothing")
        .await
        .is_page(404, "Esa página no existe · Rookery");
}

#[actix_web::test]
async fn the_status_is_told_to_people_and_to_programs() {
    for (healthy, status, title) in [
        (true, 200, "Everything works · Rookery"),
        (false, 503, "Something does not work · Rookery"),
    ] {
        let mut behind = nothing();
        behind.health.expect_check().returning(move || Health {
            healthy,
            at: ada::noon(),
            uptime: chrono::Duration::hours(1),
        });
        let answer = browser(behind).get("/status").await;
        answer.is_page(status, title);
        assert!(answer.has("1.2.3"));
        assert_eq!(answer.header("retry-after").is_some(), !healthy);
    }
}
