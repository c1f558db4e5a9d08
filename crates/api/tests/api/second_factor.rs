//! The second factor: the second step of a log-in, and `/api/users/me/mfa`.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{
    ChallengeToken, DeviceId, Factor, FactorId, FactorState, RecoveryCode, Timestamp, TotpCode, TotpSecret, TotpStep,
};
use rookery_core::ports::{AppInvitation, TrustedDevice};
use rookery_core::{
    Enrolled, Enrolment, FactorProof, Limit, LimitProfile, LogInOutcome, LoggedIn, Proof, Refusal, RenewedSession,
    SecondFactorError, SecondFactorLogInError, SecondFactorRequired, SecondFactorStatus,
};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, post, send, send_raw};
use crate::behind::{Behind, ada_signed_in, nothing};

const SECOND_STEP: &str = "/api/auth/login/second-factor";

fn challenge() -> ChallengeToken {
    ChallengeToken::from_entropy([8; 32])
}

fn second_step(body: &Value) -> TestRequest {
    let cookie = format!("__Host-mfa={}", challenge().expose());
    post(SECOND_STEP, body).insert_header(("cookie", cookie))
}

fn device() -> rookery_core::domain::DeviceToken {
    rookery_core::domain::DeviceToken::from_entropy([6; 32])
}

fn factor_id() -> FactorId {
    FactorId::new(ada::noon(), &[4; 10])
}

fn device_id() -> DeviceId {
    DeviceId::new(ada::noon(), &[5; 10])
}

fn code() -> TotpCode {
    TotpCode::parse("001234").unwrap()
}

fn renewed() -> RenewedSession {
    RenewedSession {
        token: ada::other_token(),
        expires: ada::noon() + Duration::hours(2),
        remembered: false,
    }
}

const CLEARED: &str =
    "__Host-mfa=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";

#[actix_web::test]
async fn a_right_password_that_is_not_enough_opens_nothing_and_sets_a_cookie_of_its_own() {
    let mut behind = nothing();
    behind.authentication.expect_log_in().once().returning(|_| {
        Ok(LogInOutcome::SecondFactorRequired(SecondFactorRequired {
            token: challenge(),
            expires: ada::noon() + Duration::minutes(10),
            methods: vec![
                rookery_core::domain::AuthMethod::Totp,
                rookery_core::domain::AuthMethod::RecoveryCode,
            ],
        }))
    });
    let body = json!({"email": "ada@example.com", "password": "SecurePass123!"});
    let answer = ask(behind, post("/api/auth/login", &body)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({"success": true, "mfaRequired": true, "methods": ["totp", "recovery_code"]})
    );
    let cookie = format!(
        "__Host-mfa={}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600",
        challenge().expose()
    );
    assert_eq!(answer.set_cookies(), [cookie]);
}

#[actix_web::test]
async fn the_second_step_begins_the_session_and_ends_the_challenge() {
    let mut behind = nothing();
    behind
        .authentication
        .expect_prove_second_factor()
        .once()
        .withf(|proved| {
            proved.challenge.digest() == challenge().digest()
                && proved.proof == FactorProof::Code(code())
                && proved.trust_device
                && proved.held.as_ref().map(rookery_core::domain::SessionToken::digest) == Some(ada::token().digest())
                && proved.device.as_ref().map(rookery_core::domain::DeviceToken::digest) == Some(device().digest())
        })
        .returning(|_| {
            Ok(LoggedIn {
                user: ada::user(),
                email: ada::email(),
                name: None,
                token: ada::other_token(),
                expires: ada::noon() + Duration::hours(24),
                remembered: false,
                device: device(),
            })
        });
    let cookies = format!(
        "__Host-mfa={}; {}; __Host-did={}",
        challenge().expose(),
        ada::cookie(&ada::token()),
        device().expose()
    );
    let body = json!({"code": "001 234", "trustDevice": true});
    let answer = ask(behind, post(SECOND_STEP, &body).insert_header(("cookie", cookies))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["user"]["email"], "ada@example.com");
    let session = format!(
        "{}; Path=/; HttpOnly; SameSite=Lax; Secure",
        ada::cookie(&ada::other_token())
    );
    let cookies = answer.set_cookies();
    assert_eq!((cookies[0], cookies[2], cookies.len()), (session.as_str(), CLEARED, 3));
    assert!(cookies[1].starts_with("__Host-did="));
}

async fn refused(refusal: fn() -> SecondFactorLogInError) -> Answer {
    let mut behind = nothing();
    behind
        .authentication
        .expect_prove_second_factor()
        .once()
        .returning(move |_| Err(refusal()));
    ask(behind, second_step(&json!({"recoveryCode": "abcd-efgh-ijkl-mnop"}))).await
}

#[actix_web::test]
async fn what_the_second_step_can_refuse() {
    let answer = refused(|| SecondFactorLogInError::WrongCode).await;
    answer.is_problem(401, "INVALID_SECOND_FACTOR", "Invalid code");
    assert!(answer.set_cookies().is_empty(), "there are attempts left");
    let answer = refused(|| SecondFactorLogInError::ChallengeEnded).await;
    answer.is_problem(401, "CHALLENGE_EXPIRED", "Please log in with your password again");
    assert_eq!(answer.set_cookies(), [CLEARED]);
    let answer = refused(|| {
        SecondFactorLogInError::Throttled(Refusal {
            limit: Limit::SecondFactorUser,
            rule: Limit::SecondFactorUser.rule(LimitProfile::Default).unwrap(),
            retry_in: Duration::minutes(3),
        })
    })
    .await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("180"));
}

#[actix_web::test]
async fn without_its_cookie_there_is_no_second_step() {
    let token = challenge().expose();
    for cookie in [
        String::new(),
        format!("mfa={token}"),
        format!("__host-mfa={token}"),
        "__Host-mfa=nonsense".to_owned(),
        format!("__Host-mfa={token}; __Host-mfa={}", ada::token().expose()),
    ] {
        let request = post(SECOND_STEP, &json!({"code": "123456"})).insert_header(("cookie", cookie.as_str()));
        let answer = ask(nothing(), request).await;
        answer.is_problem(401, "CHALLENGE_EXPIRED", "Please log in with your password again");
    }
}

#[actix_web::test]
async fn bad_codes_are_told_before_anybody_counts_them() {
    const SIX: &str = "Code must be 6 digits";
    const SIXTEEN: &str = "Recovery code must be 16 letters and digits";
    for (body, path, message) in [
        (json!({}), "", "A code or a recovery code is required"),
        (json!({"code": null}), "code", "Code must be a string"),
        (json!({"code": 123_456}), "code", "Code must be a string"),
        (json!({"code": ["123456"]}), "code", "Code must be a string"),
        (json!({"code": ""}), "code", SIX),
        (json!({"code": "12345"}), "code", SIX),
        (json!({"code": "1234567"}), "code", SIX),
        (json!({"code": "12345a"}), "code", SIX),
        (json!({"code": "12345\u{0}"}), "code", SIX),
        (json!({"code": "1".repeat(9_000)}), "code", SIX),
        (
            json!({"recoveryCode": 7}),
            "recoveryCode",
            "Recovery code must be a string",
        ),
        (json!({"recoveryCode": "abcd"}), "recoveryCode", SIXTEEN),
        (json!({"recoveryCode": "abcd-efgh-ijkl-mno0"}), "recoveryCode", SIXTEEN),
        (
            json!({"code": "123456", "recoveryCode": "abcd-efgh-ijkl-mnop"}),
            "",
            "Give either a code or a recovery code",
        ),
        (
            json!({"code": "123456", "trustDevice": "yes"}),
            "trustDevice",
            "Trust device must be a boolean",
        ),
    ] {
        // Neither use case expects a call.
        ask(nothing(), second_step(&body))
            .await
            .has_violations(&[(path, message)]);
        if path == "trustDevice" {
            continue;
        }
        let remove = send(Method::DELETE, "/api/users/me/mfa/totp", &body).by_ada();
        ask(ada_signed_in(), remove).await.has_violations(&[(path, message)]);
        if body.get("recoveryCode").is_none() && !path.is_empty() {
            let message = if body["code"] == "" || body["code"].is_null() {
                "Code is required"
            } else {
                message
            };
            let confirm = post("/api/users/me/mfa/totp/confirm", &body).by_ada();
            ask(ada_signed_in(), confirm).await.has_violations(&[(path, message)]);
        }
    }
}

#[actix_web::test]
async fn a_secret_is_shown_once_in_three_forms() {
    let mut behind = ada_signed_in();
    behind.second_factors.expect_enrol().once().returning(|signed_in, _| {
        assert_eq!(*signed_in, ada::signed_in());
        Ok(Enrolment {
            factor: factor_id(),
            secret: TotpSecret::from_bytes(*b"12345678901234567890"),
            invitation: AppInvitation {
                uri: "otpauth://totp/…".to_owned(),
                qr: "<svg></svg>".to_owned(),
            },
            expires: ada::noon() + Duration::hours(1),
        })
    });
    let answer = ask(
        behind,
        send_raw(Method::POST, "/api/users/me/mfa/totp", "application/json", "").by_ada(),
    )
    .await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        answer.json(),
        json!({
            "id": factor_id(), "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "uri": "otpauth://totp/…",
            "qr": "<svg></svg>", "expiresAt": "2025-10-27T13:00:00.000Z",
        })
    );
}

#[actix_web::test]
async fn the_first_code_gives_recovery_codes_and_a_new_cookie() {
    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_confirm()
        .once()
        .withf(|_, held, shown, _| held.digest() == ada::token().digest() && *shown == code())
        .returning(|_, _, _, _| {
            Ok(Enrolled {
                codes: vec![RecoveryCode::from_entropy([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
                session: renewed(),
            })
        });
    let confirm = post("/api/users/me/mfa/totp/confirm", &json!({"code": "001234"})).by_ada();
    let answer = ask(behind, confirm).await;
    assert_eq!(
        answer.json(),
        json!({"success": true, "recoveryCodes": ["AAAQ-EAYE-AUDA-OCAJ"]})
    );
    let cookie = format!(
        "{}; Path=/; HttpOnly; SameSite=Lax; Secure",
        ada::cookie(&ada::other_token())
    );
    assert_eq!(answer.set_cookies(), [cookie]);
}

#[actix_web::test]
async fn taking_it_away_needs_a_code_and_renews_the_cookie() {
    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_remove()
        .once()
        .withf(|_, _, proof, _| *proof == FactorProof::Code(code()))
        .returning(|_, _, _, _| Ok(renewed()));
    let remove = send(Method::DELETE, "/api/users/me/mfa/totp", &json!({"code": "001234"})).by_ada();
    let answer = ask(behind, remove).await;
    assert_eq!(
        answer.json(),
        json!({"success": true, "message": "Second factor has been removed."})
    );
    assert_eq!(answer.set_cookies().len(), 1);
}

#[actix_web::test]
async fn every_refusal_has_its_status_and_code() {
    for (error, status, code) in [
        (SecondFactorError::NotSignedIn, 401, "AUTHENTICATION_REQUIRED"),
        (
            SecondFactorError::ReauthenticationRequired(rookery_core::ReauthenticationRequired),
            403,
            "REAUTHENTICATION_REQUIRED",
        ),
        (SecondFactorError::NotEnrolled, 404, "SECOND_FACTOR_NOT_FOUND"),
        (SecondFactorError::WrongCode, 403, "INVALID_SECOND_FACTOR"),
    ] {
        let mut behind = ada_signed_in();
        let error = std::sync::Mutex::new(Some(error));
        behind
            .second_factors
            .expect_remove()
            .returning(move |_, _, _, _| Err(error.lock().unwrap().take().unwrap()));
        let remove = send(Method::DELETE, "/api/users/me/mfa/totp", &json!({"code": "001234"}));
        let answer = ask(behind, remove.by_ada()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (status, Some(code))
        );
        assert!(answer.set_cookies().is_empty());
    }
    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_enrol()
        .returning(|_, _| Err(SecondFactorError::AlreadyEnrolled));
    let answer = ask(behind, post("/api/users/me/mfa/totp", &json!({})).by_ada()).await;
    answer.is_problem(409, "SECOND_FACTOR_EXISTS", "A second factor is set up already");
    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_forget_devices()
        .returning(|_, _, _| Err(SecondFactorError::NotTrusted));
    let path = format!("/api/users/me/mfa/trusted-devices/{}", device_id());
    let one = TestRequest::with_uri(&path).method(Method::DELETE);
    let answer = ask(behind, one.by_ada()).await;
    answer.is_problem(404, "TRUSTED_DEVICE_NOT_FOUND", "Trusted browser not found");
}

#[actix_web::test]
async fn the_status_tells_all_but_the_secret() {
    let mut behind = ada_signed_in();
    behind.second_factors.expect_status().returning(|_| {
        Ok(SecondFactorStatus {
            confirmed: Some(Factor {
                id: factor_id(),
                created: ada::noon(),
                state: FactorState::Confirmed {
                    since: ada::noon(),
                    last_step: TotpStep::from_number(1),
                },
                last_used: None,
            }),
            pending: None,
            recovery_codes: 9,
            trusted_devices: vec![TrustedDevice {
                id: device_id(),
                user_agent: Some("curl/8.14.1".to_owned()),
                created: ada::noon(),
                last_used: ada::noon(),
                trusted_until: ada::noon() + Duration::days(30),
            }],
            required_by: None,
        })
    });
    let answer = ask(behind, get("/api/users/me/mfa").by_ada()).await;
    let noon = "2025-10-27T12:00:00.000Z";
    assert_eq!(
        answer.json(),
        json!({
            "enabled": true,
            "totp": {"id": factor_id(), "confirmedAt": noon, "lastUsedAt": null},
            "pending": false,
            "recoveryCodesLeft": 9,
            "trustedDevices": [{
                "id": device_id(),
                "device": {"browser": "curl", "system": null, "kind": "program", "words": "curl"},
                "createdAt": noon, "lastUsedAt": noon, "trustedUntil": "2025-11-26T12:00:00.000Z",
            }],
            "requiredBy": null,
        })
    );
}

#[actix_web::test]
async fn a_browser_is_forgotten_by_name_or_all_at_once() {
    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_forget_devices()
        .once()
        .withf(|_, device, _| *device == Some(device_id()))
        .returning(|_, _, _| Ok(()));
    let path = format!("/api/users/me/mfa/trusted-devices/{}", device_id());
    let one = TestRequest::with_uri(&path).method(Method::DELETE).by_ada();
    assert_eq!(ask(behind, one).await.status, 200);

    let nonsense = TestRequest::with_uri("/api/users/me/mfa/trusted-devices/x").method(Method::DELETE);
    let answer = ask(ada_signed_in(), nonsense.by_ada()).await;
    answer.is_problem(404, "TRUSTED_DEVICE_NOT_FOUND", "Trusted browser not found");

    let mut behind = ada_signed_in();
    behind
        .second_factors
        .expect_forget_devices()
        .once()
        .withf(|_, device, _| device.is_none())
        .returning(|_, _, _| Ok(()));
    let all = TestRequest::with_uri("/api/users/me/mfa/trusted-devices").method(Method::DELETE);
    assert_eq!(ask(behind, all.by_ada()).await.status, 200);
}

#[actix_web::test]
async fn a_code_proves_again_who_one_is() {
    let mut behind = ada_signed_in();
    behind
        .reauthentication
        .expect_prove()
        .once()
        .withf(|_, asked| matches!(&asked.proof, Proof::SecondFactor(FactorProof::Code(shown)) if *shown == code()))
        .returning(|_, _| Ok(renewed()));
    let prove = post("/api/auth/reauthenticate", &json!({"code": "001234"})).by_ada();
    assert_eq!(ask(behind, prove).await.status, 200);
    let both = json!({"code": "001234", "password": "SecurePass123!"});
    ask(ada_signed_in(), post("/api/auth/reauthenticate", &both).by_ada())
        .await
        .has_violations(&[("", "Give either a password, a code or a recovery code")]);
}

/// What a session may do that lacks the second factor its tenant asks for.
const OPEN: [&str; 7] = [
    "secondFactorStatus",
    "enrolTotp",
    "confirmTotp",
    "reauthenticate",
    "currentSession",
    "readProfile",
    "logOut",
];

fn overdue(due: Timestamp) -> Behind {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(move |_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.second_factor_due = Some(due);
        Ok(signed_in)
    });
    behind
}

#[actix_web::test]
async fn a_session_whose_second_factor_is_overdue_opens_nothing_but_setting_one_up() {
    let document: Value = serde_json::from_str(&rookery_api::openapi_json()).unwrap();
    let mut shut = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // Staff are asked for more, and to others nothing is here.
            if operation["security"].is_null() || path.starts_with("/api/admin/") {
                continue;
            }
            let name = operation["operationId"].as_str().unwrap();
            let path = path.replace("{id}", "x").replace("{tenantId}", "x");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let kind = match operation["requestBody"]["content"].as_object() {
                Some(kinds) => kinds.keys().next().unwrap(),
                None => "application/json",
            };
            let request = || send_raw(method.clone(), &path, kind, "{}").by_ada();
            // No use case expects a call: a door left open would be a 500, or a 400 about the body.
            let answer = ask(overdue(ada::noon()), request()).await;
            if OPEN.contains(&name) {
                assert_ne!(answer.status, 403, "{name}");
            } else {
                shut += 1;
                answer.is_problem(403, "SECOND_FACTOR_REQUIRED", "Please set up a second factor first");
                assert!(operation["responses"]["403"].is_object(), "{name}");
            }
            let still_time = ask(overdue(ada::noon() + Duration::seconds(1)), request()).await;
            assert_ne!(still_time.status, 403, "{name}");
        }
    }
    assert!(shut > 10, "{shut}");
}

#[actix_web::test]
async fn the_session_tells_by_when_a_second_factor_is_due() {
    let due = ada::noon() + Duration::days(7);
    let answer = ask(overdue(due), get("/api/auth/session").by_ada()).await;
    let session = &answer.json()["session"];
    assert_eq!(session["secondFactorRequiredBy"], "2025-11-03T12:00:00.000Z");
    let answer = ask(ada_signed_in(), get("/api/auth/session").by_ada()).await;
    assert_eq!(answer.json()["session"].get("secondFactorRequiredBy"), None);
}
