//! Setting a second factor up, living with it and taking it away.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{DeviceId, Factor, FactorId, FactorState, RecoveryCode, TotpSecret, TotpStep};
use rookery_core::ports::{AppInvitation, TrustedDevice};
use rookery_core::{Enrolled, Enrolment, FactorProof, Proof, RenewedSession, SecondFactorError, SecondFactorStatus};
use serde_json::json;

use super::code;
use crate::ada;
use crate::ask::{ByAda, ask, get, post, send, send_raw};
use crate::behind::ada_signed_in;

fn factor_id() -> FactorId {
    FactorId::new(ada::noon(), &[4; 10])
}

fn device_id() -> DeviceId {
    DeviceId::new(ada::noon(), &[5; 10])
}

fn renewed() -> RenewedSession {
    RenewedSession {
        token: ada::other_token(),
        expires: ada::noon() + Duration::hours(2),
        remembered: false,
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
