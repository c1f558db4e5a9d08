//! `DELETE /api/users/me`, `GET /api/users/me/deletion`, `POST /api/auth/cancel-deletion`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::Violations;
use rookery_core::ports::{StakeFate, TenantStake};
use rookery_core::{
    DeletionOutlook, DeletionScheduled, FactorProof, KeepAccountError, PortError, ReauthenticationRequired,
    RequestDeletionError,
};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{ByAda, ask, get, post, send};
use crate::behind::{Behind, ada_signed_in, nothing};

fn delete(body: &Value) -> TestRequest {
    send(Method::DELETE, "/api/users/me", body).by_ada()
}

fn wish() -> Value {
    json!({ "confirmation": "DELETE", "password": "SecurePass123!" })
}

fn stake(fate: StakeFate) -> TenantStake {
    TenantStake {
        tenant: ada::tenant().id,
        name: "Engines".to_owned(),
        others: 2,
        fate,
    }
}

fn refusing(error: impl Fn() -> RequestDeletionError + Send + 'static) -> Behind {
    let mut behind = ada_signed_in();
    behind.deletion.expect_request().returning(move |_, _| Err(error()));
    behind
}

#[actix_web::test]
async fn a_deletion_is_accepted_and_the_cookie_is_cleared() {
    let mut behind = ada_signed_in();
    behind
        .deletion
        .expect_request()
        .once()
        .withf(|signed_in, request| {
            *signed_in == ada::signed_in()
                && request.password.is_some()
                && request.factor.is_none()
                && !request.close_tenants
                && request.reason.is_none()
        })
        .returning(|_, _| {
            Ok(DeletionScheduled {
                due: ada::noon() + Duration::days(30),
            })
        });
    let answer = ask(behind, delete(&wish())).await;
    assert_eq!(answer.status, 202);
    assert_eq!(
        answer.json(),
        json!({ "success": true, "deletionScheduledFor": "2025-11-26T12:00:00.000Z" })
    );
    let cookie = answer.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-sid=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\",\"storage\""));
}

#[actix_web::test]
async fn everything_that_may_be_said_is_heard() {
    let mut behind = ada_signed_in();
    behind
        .deletion
        .expect_request()
        .once()
        .withf(|_, request| {
            request.reason.as_ref().map(|reason| reason.as_str().to_owned())
                == Some("too many mails and then some".to_owned())
                && request.close_tenants
                && matches!(request.factor, Some(FactorProof::Code(_)))
        })
        .returning(|_, _| Ok(DeletionScheduled { due: ada::noon() }));
    let body = json!({
        "confirmation": "DELETE", "password": "SecurePass123!", "code": "287 082", "tenants": "delete",
        "reason": " too many mails\nand then some ",
    });
    assert_eq!(ask(behind, delete(&body)).await.status, 202);
}

#[actix_web::test]
async fn what_is_wrong_is_a_400_on_its_field_and_nothing_is_asked_for() {
    for (field, value) in [
        ("confirmation", json!("delete")),
        ("confirmation", json!(null)),
        ("confirmation", json!(["DELETE"])),
        ("password", json!("")),
        ("password", json!(null)),
        ("password", json!("x".repeat(257))),
        ("code", json!("12345")),
        ("code", json!(123_456)),
        ("recoveryCode", json!("nonsense")),
        ("tenants", json!("keep")),
        ("tenants", json!(true)),
        ("reason", json!("x".repeat(501))),
        ("reason", json!("a\0b")),
        ("reason", json!(7)),
    ] {
        let mut body = wish();
        body[field] = value.clone();
        let answer = ask(ada_signed_in(), delete(&body)).await;
        assert_eq!(answer.status, 400, "{field} {value}");
        let wrong: Vec<String> = answer.violations().into_iter().map(|(path, _)| path).collect();
        assert_eq!(wrong, [field], "{value}");
    }
    let both = json!({ "confirmation": "no", "password": "", "reason": "x".repeat(501) });
    let answer = ask(ada_signed_in(), delete(&both)).await;
    assert_eq!(answer.violations().len(), 3, "{}", answer.text);
    let blank = json!({ "confirmation": "DELETE", "password": "SecurePass123!", "reason": "  " });
    let mut behind = ada_signed_in();
    behind
        .deletion
        .expect_request()
        .withf(|_, request| request.reason.is_none())
        .returning(|_, _| Ok(DeletionScheduled { due: ada::noon() }));
    assert_eq!(ask(behind, delete(&blank)).await.status, 202);
}

#[actix_web::test]
async fn a_refusal_says_why_and_leaves_the_cookie_alone() {
    let missing = || RequestDeletionError::Invalid(Violations::of("password", "Password is required"));
    for (behind, status, code) in [
        (
            refusing(|| RequestDeletionError::NotSignedIn),
            401,
            "AUTHENTICATION_REQUIRED",
        ),
        (refusing(missing), 400, "VALIDATION_ERROR"),
        (
            refusing(|| RequestDeletionError::WrongPassword),
            403,
            "INVALID_CURRENT_PASSWORD",
        ),
        (
            refusing(|| RequestDeletionError::WrongCode),
            403,
            "INVALID_SECOND_FACTOR",
        ),
        (
            refusing(|| ReauthenticationRequired.into()),
            403,
            "REAUTHENTICATION_REQUIRED",
        ),
        (refusing(|| RequestDeletionError::Busy), 503, "SERVICE_UNAVAILABLE"),
        (
            refusing(|| PortError::unavailable("deletions.request", "gone").into()),
            503,
            "SERVICE_UNAVAILABLE",
        ),
    ] {
        let answer = ask(behind, delete(&wish())).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (status, Some(code))
        );
        assert_eq!(answer.header("set-cookie"), None, "{code}");
    }
}

#[actix_web::test]
async fn whoever_owns_a_tenant_alone_is_told_which() {
    let behind = refusing(|| RequestDeletionError::SoleOwner(vec![stake(StakeFate::NeedsOwner)]));
    let answer = ask(behind, delete(&wish())).await;
    assert_eq!(answer.status, 409);
    let body = answer.json();
    assert_eq!(body["code"], "SOLE_OWNER");
    assert_eq!(
        body["tenants"],
        json!([{ "id": ada::tenant().id, "name": "Engines", "otherMembers": 2, "fate": "needsOwner" }])
    );
}

#[actix_web::test]
async fn beforehand_it_is_told_what_would_happen() {
    let mut behind = ada_signed_in();
    behind.deletion.expect_outlook().once().returning(|_| {
        Ok(DeletionOutlook {
            tenants: vec![stake(StakeFate::GoesOn), stake(StakeFate::Closes)],
            grace: Duration::days(30),
            scheduled: None,
            needs_password: true,
            needs_second_factor: false,
        })
    });
    let answer = ask(behind, get("/api/users/me/deletion").by_ada()).await;
    assert_eq!(answer.status, 200);
    let told = |fate| json!({ "id": ada::tenant().id, "name": "Engines", "otherMembers": 2, "fate": fate });
    assert_eq!(
        answer.json(),
        json!({
            "deletionScheduledFor": null, "graceSeconds": 2_592_000, "needsPassword": true, "needsSecondFactor": false,
            "tenants": [told("goesOn"), told("closes")],
        })
    );
}

#[actix_web::test]
async fn the_mailed_token_keeps_the_account_for_anybody_who_shows_it() {
    let path = "/api/auth/cancel-deletion";
    let mut behind = nothing();
    behind
        .deletion
        .expect_keep()
        .once()
        .withf(|token, _| token == "kep_abc")
        .returning(|_, _| Ok(()));
    let answer = ask(behind, post(path, &json!({ "token": "kep_abc" }))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("set-cookie"), None, "nobody is signed in by it");
    let mut behind = nothing();
    behind
        .deletion
        .expect_keep()
        .returning(|_, _| Err(KeepAccountError::InvalidToken));
    let answer = ask(behind, post(path, &json!({ "token": "kep_abc" }))).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].as_str()),
        (400, Some("INVALID_OR_EXPIRED_TOKEN"))
    );
}

#[actix_web::test]
async fn nobody_deletes_anything_without_a_session() {
    let answer = ask(nothing(), send(Method::DELETE, "/api/users/me", &wish())).await;
    assert_eq!(answer.status, 401);
    let answer = ask(nothing(), get("/api/users/me/deletion")).await;
    assert_eq!(answer.status, 401);
}
