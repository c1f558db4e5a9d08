//! What is looked at first: the body's type, the origin, the session, the fields, and only then the use case.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use crate::ask::{ByAda, ask, send_raw};
use crate::behind::{ada_signed_in, nothing};

const FOR_THE_SIGNED_IN: [(Method, &str); 6] = [
    (Method::POST, "/api/auth/reauthenticate"),
    (Method::PATCH, "/api/users/me"),
    (Method::POST, "/api/users/me/change-password"),
    (Method::POST, "/api/users/me/change-email"),
    (Method::POST, "/api/users/me/mfa/totp/confirm"),
    (Method::DELETE, "/api/users/me/mfa/totp"),
];

// Proves: ASVS 2.3.1, 8.2.1
#[actix_web::test]
async fn whoever_is_not_signed_in_learns_that_before_anything_about_the_body() {
    for (method, path) in FOR_THE_SIGNED_IN {
        for body in ["", "{", "[]", "{}", r#"{"theme": "blue", "newPassword": "short"}"#] {
            ask(nothing(), send_raw(method.clone(), path, "application/json", body))
                .await
                .is_unauthorized();
        }
        ask(nothing(), TestRequest::with_uri(path).method(method))
            .await
            .is_unauthorized();
    }
}

#[actix_web::test]
async fn whoever_sends_nonsense_learns_that_before_the_use_case_is_asked() {
    // Neither `profiles` nor `passwords` expects a call.
    for (method, path) in FOR_THE_SIGNED_IN {
        for body in ["", "{", "[]", "{}", r#"{"theme": "blue", "newPassword": "short"}"#] {
            let request = send_raw(method.clone(), path, "application/json", body).by_ada();
            assert_eq!(ask(ada_signed_in(), request).await.status, 400, "{path} {body}");
        }
    }
}

#[actix_web::test]
async fn whoever_comes_from_elsewhere_learns_that_before_the_session_is_looked_up() {
    // `sessions` expects no call.
    for (method, path) in FOR_THE_SIGNED_IN
        .into_iter()
        .chain([(Method::POST, "/api/auth/logout")])
    {
        let request = send_raw(method.clone(), path, "application/json", "{}").by_ada();
        let answer = ask(nothing(), request.insert_header(("origin", "https://evil.example"))).await;
        answer.is_problem(403, "ORIGIN_NOT_ALLOWED", "Origin not allowed");
        assert!(answer.set_cookies().is_empty());

        let answer = ask(nothing(), send_raw(method, path, "text/plain", "{}").by_ada()).await;
        assert_eq!(answer.status, 415);
        assert!(answer.set_cookies().is_empty());
    }
}
