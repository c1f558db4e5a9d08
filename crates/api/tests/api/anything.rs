//! Whatever is sent, to whatever route: an answer of the contract, and never a failure of ours.

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use chrono::Duration;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use rookery_core::{
    EndedSession, Health, LogInError, ReauthenticationError, Registered, RenewedSession, VerificationError,
};
use serde_json::{Map, Value};

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, send_raw};
use crate::behind::{Behind, ada_signed_in};

const ROUTES: [(&str, &str); 18] = [
    ("POST", "/api/auth/signup"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/logout"),
    ("POST", "/api/auth/forgot-password"),
    ("POST", "/api/auth/reset-password"),
    ("POST", "/api/auth/verify-email"),
    ("POST", "/api/auth/resend-verification"),
    ("PATCH", "/api/users/me"),
    ("POST", "/api/users/me/change-password"),
    ("POST", "/api/users/me/change-email"),
    ("DELETE", "/api/users/me/change-email"),
    ("POST", "/api/auth/confirm-email"),
    ("POST", "/api/auth/undo"),
    ("DELETE", "/api/users/me"),
    ("POST", "/api/auth/reauthenticate"),
    ("POST", "/api/auth/sessions/revoke-others"),
    ("DELETE", "/api/auth/sessions/0199d2f0-7c00-7000-8000-000000000002"),
    ("DELETE", "/api/auth/sessions/nonsense"),
];

const KEYS: [&str; 25] = [
    "email",
    "password",
    "name",
    "givenName",
    "given_name",
    "familyName",
    "family_name",
    "companyName",
    "language",
    "timezone",
    "acceptTerms",
    "rememberMe",
    "token",
    "currentPassword",
    "newPassword",
    "theme",
    "emailNotifications",
    "pushNotifications",
    "newEmail",
    "weeklyReports",
    "marketingEmails",
    "id",
    "__proto__",
    "",
    "\0",
];

/// Everybody behind the door agrees to whatever reaches them.
fn agreeing() -> Behind {
    let mut behind = ada_signed_in();
    behind.registration.expect_register().returning(|sign_up| {
        Ok(Registered {
            user: ada::user(),
            email: sign_up.email,
            name: sign_up.name.map(|name| name.to_string()),
        })
    });
    behind
        .authentication
        .expect_log_in()
        .returning(|_| Err(LogInError::InvalidCredentials));
    behind.sessions.expect_log_out().returning(|_, _| Ok(()));
    behind
        .sessions
        .expect_end()
        .returning(|_, _, _| Ok(EndedSession::Current));
    behind.sessions.expect_end_others().returning(|_, _| Ok(3));
    behind
        .reauthentication
        .expect_prove()
        .returning(|_, _| Err(ReauthenticationError::WrongProof));
    behind
        .verification
        .expect_verify()
        .returning(|_, _| Err(VerificationError::InvalidToken));
    behind.verification.expect_resend().returning(|_, _| Ok(()));
    behind.recovery.expect_request().returning(|_, _| Ok(()));
    behind.recovery.expect_reset().returning(|_| Ok(()));
    behind.addresses.expect_request().returning(|_, _| Ok(()));
    behind.addresses.expect_cancel().returning(|_, _| Ok(()));
    behind.addresses.expect_confirm().returning(|_, _| Ok(ada::email()));
    behind.restoration.expect_undo().returning(|_, _| Ok(()));
    behind.profiles.expect_read().returning(|_| Ok(ada::profile()));
    behind.profiles.expect_update().returning(|_, _, _| Ok(ada::profile()));
    behind.passwords.expect_change().returning(|_, _| {
        Ok(RenewedSession {
            token: ada::other_token(),
            expires: ada::noon() + Duration::hours(1),
            remembered: true,
        })
    });
    behind.health.expect_check().returning(|| Health {
        healthy: true,
        at: ada::noon(),
        uptime: Duration::zero(),
    });
    behind
}

/// The answer, whose form `ask` checks against the contract and the document.
fn answered(request: TestRequest) -> Answer {
    actix_web::rt::System::new().block_on(ask(agreeing(), request))
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        "[a-z]{1,8}@[a-z]{1,8}\\.[a-z]{2,4}",
        "\\PC{8,20}",
        select(vec!["dark", "en", "UTC", "Europe/London"]).prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        4 => text.prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-z]{0,3}", inner, 0..4).prop_map(|map| Value::from(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn any_header() -> impl Strategy<Value = HeaderValue> {
    vec(prop_oneof![32_u8..127, 128_u8..=255, Just(b'\t')], 0..80)
        .prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap())
}

fn send_to(route: (&str, &str), body: Vec<u8>) -> TestRequest {
    let method = Method::from_bytes(route.0.as_bytes()).unwrap();
    send_raw(method, route.1, "application/json", body).by_ada()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    // Proves: A80, ASVS 2.2.1
    #[test]
    fn any_bytes_get_a_clear_answer(route in select(&ROUTES[..]), body in vec(any::<u8>(), 0..200)) {
        prop_assert!(!answered(send_to(route, body)).status.is_server_error());
    }

    // Proves: ASVS 1.2.4, 1.4.2
    #[test]
    fn any_values_of_our_fields_get_a_clear_answer(
        route in select(&ROUTES[..]),
        body in btree_map(select(&KEYS[..]), any_json(), 0..12),
    ) {
        let body: Map<String, Value> = body.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        prop_assert!(!answered(send_to(route, Value::from(body).to_string().into_bytes())).status.is_server_error());
    }

    #[test]
    fn any_header_gets_a_clear_answer(
        name in select(vec![
            "cookie", "authorization", "origin", "sec-fetch-site", "content-type", "content-encoding", "content-length",
            "x-request-id", "x-forwarded-for", "user-agent", "host", "accept", "if-match", "range",
        ]),
        value in any_header(),
        reads in any::<bool>(),
    ) {
        let request = if reads { get("/api/users/me").by_ada() } else { send_to(ROUTES[3], b"{}".to_vec()) };
        prop_assert!(!answered(request.append_header((name, value))).status.is_server_error());
    }

    // Proves: A50, ASVS 1.1.1
    #[test]
    fn any_path_gets_a_clear_answer(path in "/(api/)?[a-zA-Z0-9/._~%;:@&=+$,!*'()?-]{0,60}") {
        if let Ok(uri) = path.parse::<actix_web::http::Uri>() {
            prop_assert!(!answered(TestRequest::default().uri(&uri.to_string()).by_ada()).status.is_server_error());
        }
    }
}
