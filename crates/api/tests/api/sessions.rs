//! `GET /api/auth/sessions`, `DELETE /api/auth/sessions/{id}`, `POST /api/auth/sessions/revoke-others`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{AuthMethod, SessionId};
use rookery_core::ports::{ListedSession, PortError};
use rookery_core::{EndSessionError, EndedSession, ReauthenticationRequired};
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, post};
use crate::behind::{Behind, ada_signed_in, nothing};

const PATH: &str = "/api/auth/sessions";
const OTHERS: &str = "/api/auth/sessions/revoke-others";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

fn another() -> SessionId {
    SessionId::new(ada::noon(), &[9; 10])
}

fn delete(id: &str) -> TestRequest {
    TestRequest::delete().uri(&format!("{PATH}/{id}"))
}

fn ending(outcome: fn() -> Result<EndedSession, EndSessionError>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .sessions
        .expect_end()
        .once()
        .withf(|signed_in, _, caller| *signed_in == ada::signed_in() && caller.request_id.is_some())
        .returning(move |_, _, _| outcome());
    behind
}

#[actix_web::test]
async fn the_list_tells_devices_in_words_and_says_which_one_asks() {
    let mut behind = ada_signed_in();
    behind
        .sessions
        .expect_list()
        .once()
        .withf(|signed_in| *signed_in == ada::signed_in())
        .returning(|_| {
            let mine = ListedSession {
                id: ada::session().id,
                remembered: false,
                methods: vec![AuthMethod::Password, AuthMethod::Totp],
                created: ada::noon() - Duration::hours(1),
                last_seen: ada::noon(),
                expires: ada::noon() + Duration::hours(23),
                address: Some("2001:db8::7".parse().unwrap()),
                user_agent: Some(FIREFOX.to_owned()),
            };
            let other = ListedSession {
                id: another(),
                remembered: true,
                methods: vec![AuthMethod::Password],
                address: None,
                user_agent: None,
                ..mine.clone()
            };
            Ok(vec![mine, other])
        });
    let answer = ask(behind, get(PATH).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let times = json!([
        "2025-10-27T11:00:00.000Z",
        "2025-10-27T12:00:00.000Z",
        "2025-10-28T11:00:00.000Z"
    ]);
    let expected = json!({"sessions": [
        {
            "id": ada::session().id,
            "device": {"browser": "Firefox", "system": "Linux", "kind": "computer", "words": "Firefox on Linux"},
            "address": "2001:db8::7",
            "createdAt": times[0], "lastActiveAt": times[1], "expiresAt": times[2],
            "current": true, "remembered": false, "methods": ["password", "totp"],
        },
        {
            "id": another(),
            "device": {"browser": null, "system": null, "kind": "unknown", "words": "Unknown device"},
            "address": null,
            "createdAt": times[0], "lastActiveAt": times[1], "expiresAt": times[2],
            "current": false, "remembered": true, "methods": ["password"],
        },
    ]});
    assert_eq!(answer.json(), expected);
    assert!(!answer.text.contains("Gecko") && !answer.text.contains(&ada::token().expose()));
}

// Proves: A63
#[actix_web::test]
async fn a_page_size_changes_nothing() {
    for query in [
        "?limit=0",
        "?limit=999999999999999999999",
        "?page=-1&size=0",
        "?userId=somebody-else",
    ] {
        let mut behind = ada_signed_in();
        behind
            .sessions
            .expect_list()
            .once()
            .withf(|signed_in| signed_in.session.user == ada::user())
            .returning(|_| Ok(Vec::new()));
        let answer = ask(behind, get(&format!("{PATH}{query}")).by_ada()).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"sessions": []})));
    }
}

#[actix_web::test]
async fn another_session_ends_and_this_ones_cookie_stays() {
    let mut behind = ada_signed_in();
    behind
        .sessions
        .expect_end()
        .once()
        .withf(|signed_in, session, _| *signed_in == ada::signed_in() && *session == another())
        .returning(|_, _, _| Ok(EndedSession::Other));
    let answer = ask(behind, delete(&another().to_string()).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "message": "Session has been ended."})
    );
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn ending_this_session_is_a_log_out_and_clears_the_cookie() {
    let answer = ask(
        ending(|| Ok(EndedSession::Current)),
        delete(&ada::session().id.to_string()).by_ada(),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "message": "Logged out successfully"})
    );
    assert_eq!(
        answer.set_cookies(),
        ["__Host-sid=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
    );
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\",\"storage\""));
}

fn is_not_found(answer: &Answer) {
    answer.is_problem(404, "SESSION_NOT_FOUND", "Session not found");
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn an_unknown_and_a_malformed_id_are_one_404() {
    is_not_found(
        &ask(
            ending(|| Err(EndSessionError::NoSuchSession)),
            delete(&another().to_string()).by_ada(),
        )
        .await,
    );
    for id in [
        "0".to_owned(),
        "-1".into(),
        "null".into(),
        "*".into(),
        "current".into(),
        "00000000-0000-0000-0000-00000000000g".into(),
        format!("{}0", another()),
        format!("{}%00", another()),
        format!("{},{}", another(), another()),
        "%F0%9F%90%A6".into(),
        "%ff%fe".into(),
        "' OR '1'='1".replace(' ', "%20"),
        "%2e%2e".into(),
        "9".repeat(4_000),
    ] {
        // `sessions` expects no more than the look-up.
        let answer = ask(ada_signed_in(), delete(&id).by_ada()).await;
        is_not_found(&answer);
        assert!(id.len() < 9 || !answer.text.contains(&id), "{}", answer.text);
    }
    for id in ["", "x/y", &format!("{}/", another())] {
        let answer = ask(nothing(), delete(id).by_ada()).await;
        answer.is_problem(404, "NOT_FOUND", "Not found");
    }
}

#[actix_web::test]
async fn all_others_end_and_are_counted() {
    for count in [0, 1, 49] {
        let mut behind = ada_signed_in();
        behind
            .sessions
            .expect_end_others()
            .once()
            .withf(|signed_in, _| *signed_in == ada::signed_in())
            .returning(move |_, _| Ok(count));
        let answer = ask(behind, TestRequest::post().uri(OTHERS).by_ada()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({"success": true, "ended": count}));
        assert!(answer.set_cookies().is_empty());
    }
}

#[actix_web::test]
async fn an_old_proof_ends_no_other_session() {
    let stale = || EndSessionError::from(ReauthenticationRequired);
    let mut all = ada_signed_in();
    all.sessions
        .expect_end_others()
        .once()
        .returning(move |_, _| Err(stale()));
    let mut one = ada_signed_in();
    one.sessions.expect_end().once().returning(move |_, _, _| Err(stale()));
    for answer in [
        ask(all, post(OTHERS, &json!({})).by_ada()).await,
        ask(one, delete(&another().to_string()).by_ada()).await,
    ] {
        answer.is_problem(
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        );
        assert!(answer.set_cookies().is_empty());
    }
}

#[actix_web::test]
async fn a_session_that_was_ended_a_moment_before_is_a_401() {
    let ended = ending(|| Err(EndSessionError::NotSignedIn));
    ask(ended, delete(&another().to_string()).by_ada())
        .await
        .is_unauthorized();
    let mut behind = ada_signed_in();
    behind
        .sessions
        .expect_end_others()
        .once()
        .returning(|_, _| Err(EndSessionError::NotSignedIn));
    ask(behind, post(OTHERS, &json!({})).by_ada()).await.is_unauthorized();
}

#[actix_web::test]
async fn a_store_that_does_not_answer_ends_nothing_and_takes_no_cookie() {
    let answer = ask(
        ending(|| Err(PortError::unavailable("sessions.end", "refused").into())),
        delete(&ada::session().id.to_string()).by_ada(),
    )
    .await;
    answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
    assert!(answer.set_cookies().is_empty());
}

#[actix_web::test]
async fn without_a_session_nothing_is_listed_or_ended_whatever_is_named() {
    for request in [
        get(PATH),
        delete(&another().to_string()),
        delete("nonsense"),
        TestRequest::post().uri(OTHERS),
    ] {
        ask(nothing(), request).await.is_unauthorized();
    }
}

#[actix_web::test]
async fn a_bearer_token_lists_and_ends_as_the_cookie_does() {
    let bearer = ("authorization", format!("Bearer {}", ada::token().expose()));
    let mut behind = ada_signed_in();
    behind.sessions.expect_list().once().returning(|_| Ok(Vec::new()));
    assert_eq!(ask(behind, get(PATH).insert_header(bearer.clone())).await.status, 200);
    let one = delete(&another().to_string()).insert_header(bearer.clone());
    assert_eq!(ask(ending(|| Ok(EndedSession::Other)), one).await.status, 200);
    let mut behind = ada_signed_in();
    behind.sessions.expect_end_others().once().returning(|_, _| Ok(1));
    assert_eq!(
        ask(behind, post(OTHERS, &json!({})).insert_header(bearer)).await.status,
        200
    );
}

#[actix_web::test]
async fn a_list_and_a_name_answer_their_own_methods_alone() {
    for (path, allow) in [
        (PATH.to_owned(), "GET, HEAD"),
        (OTHERS.to_owned(), "POST"),
        (format!("{PATH}/{}", another()), "DELETE"),
    ] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if allow.contains(method.as_str()) {
                continue;
            }
            let answer = ask(nothing(), TestRequest::with_uri(&path).method(method).by_ada()).await;
            answer.is_problem(405, "METHOD_NOT_ALLOWED", "Method not allowed");
            assert_eq!(answer.header("allow"), Some(allow));
        }
    }
}
