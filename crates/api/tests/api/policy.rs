//! `GET`, `PATCH /api/tenants/{tenantId}/policy`

use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{PolicyUpdate, TenantPolicy, Violations};
use rookery_core::{
    ChangePolicyError, Forbidden, PolicyInForce, PolicyVersion, PortError, ReauthenticationRequired, TenantError,
};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, patch};
use crate::behind::{Behind, ada_signed_in, nothing};

fn path() -> String {
    format!("/api/tenants/{}/policy", ada::tenant().id)
}

fn weakest() -> TenantPolicy {
    TenantPolicy {
        session_timeout_hours: 720,
        ..TenantPolicy::default()
    }
}

fn in_force() -> PolicyInForce {
    PolicyInForce {
        policy: TenantPolicy {
            password_min_length: 12,
            two_factor_required: true,
            ..weakest()
        },
        weakest: weakest(),
        version: PolicyVersion::of(Some(ada::noon())),
        changed: Some(ada::noon()),
        two_factor_since: Some(ada::noon() - Duration::hours(1)),
    }
}

fn settings(length: u32, two_factor: bool) -> Value {
    json!({
        "passwordMinLength": length, "passwordRequireUppercase": false, "passwordRequireNumbers": false,
        "passwordRequireSymbols": false, "sessionTimeoutHours": 720, "maxLoginAttempts": 5,
        "twoFactorRequired": two_factor,
    })
}

fn shown() -> Value {
    let mut shown = settings(12, true);
    shown["twoFactorRequiredSince"] = json!("2025-10-27T11:00:00.000Z");
    shown["updatedAt"] = json!("2025-10-27T12:00:00.000Z");
    shown["weakest"] = settings(8, false);
    shown
}

fn etag() -> String {
    format!("\"{}\"", ada::noon().timestamp_micros())
}

fn reading(answer: fn() -> Result<PolicyInForce, TenantError>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .policies
        .expect_read()
        .once()
        .withf(|signed_in, tenant| *signed_in == ada::signed_in() && *tenant == ada::tenant().id)
        .returning(move |_, _| answer());
    behind
}

fn changing(expected: Option<Vec<PolicyVersion>>, answer: fn() -> Result<PolicyInForce, ChangePolicyError>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .policies
        .expect_change()
        .once()
        .withf(move |signed_in, tenant, _, named, _| {
            *signed_in == ada::signed_in() && *tenant == ada::tenant().id && *named == expected
        })
        .returning(move |_, _, _, _, _| answer());
    behind
}

fn is_not_there(answer: &Answer) {
    answer.is_problem(404, "TENANT_NOT_FOUND", "Tenant not found");
}

#[actix_web::test]
async fn a_policy_is_shown_with_its_name_and_the_weakest_there_may_be() {
    let answer = ask(reading(|| Ok(in_force())), get(&path()).by_ada()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, shown()));
    assert_eq!(answer.header("etag"), Some(etag().as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let nothing_yet = || {
        Ok(PolicyInForce {
            policy: weakest(),
            version: PolicyVersion::of(None),
            changed: None,
            two_factor_since: None,
            ..in_force()
        })
    };
    let answer = ask(reading(nothing_yet), get(&path()).by_ada()).await;
    let body = answer.json();
    assert_eq!(
        (&body["updatedAt"], &body["twoFactorRequiredSince"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(answer.header("etag"), Some("\"0\""));
}

#[actix_web::test]
async fn whoever_may_not_see_it_is_told_so() {
    is_not_there(&ask(reading(|| Err(TenantError::NotFound)), get(&path()).by_ada()).await);
    ask(reading(|| Err(Forbidden.into())), get(&path()).by_ada())
        .await
        .is_problem(403, "FORBIDDEN_ROLE", "Your role does not allow this");
    is_not_there(&ask(ada_signed_in(), get("/api/tenants/mine/policy").by_ada()).await);
    ask(nothing(), get(&path())).await.is_unauthorized();
    ask(nothing(), TestRequest::patch().uri(&path()))
        .await
        .is_unauthorized();
}

#[actix_web::test]
async fn what_is_named_is_changed_and_nothing_else() {
    let mut behind = ada_signed_in();
    behind
        .policies
        .expect_change()
        .once()
        .withf(|_, _, update, expected, _| {
            let meant = PolicyUpdate {
                password_min_length: Some(12),
                two_factor_required: Some(true),
                ..PolicyUpdate::default()
            };
            *update == meant && expected.is_none()
        })
        .returning(|_, _, _, _, _| Ok(in_force()));
    let body = json!({"passwordMinLength": 12, "twoFactorRequired": true, "owner": "me"});
    let answer = ask(behind, patch(&path(), &body).by_ada()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, shown()));
    assert_eq!(answer.header("etag"), Some(etag().as_str()));
}

#[actix_web::test]
async fn a_change_is_meant_for_the_policies_that_if_match_names() {
    let noon = PolicyVersion::of(Some(ada::noon()));
    let body = json!({"passwordMinLength": 12});
    for (header, expected) in [
        (etag(), Some(vec![noon])),
        (format!("\"0\", {}", etag()), Some(vec![PolicyVersion::of(None), noon])),
        ("*".to_owned(), None),
        (format!("W/{}", etag()), Some(vec![])),
        ("\"yesterday\"".to_owned(), Some(vec![])),
    ] {
        let request = patch(&path(), &body)
            .by_ada()
            .insert_header(("if-match", header.clone()));
        let answer = ask(changing(expected, || Ok(in_force())), request).await;
        assert_eq!(answer.status, 200, "{header}");
    }
    let request = patch(&path(), &body).by_ada().insert_header(("if-match", etag()));
    ask(
        changing(Some(vec![noon]), || Err(ChangePolicyError::Superseded)),
        request,
    )
    .await
    .is_problem(
        412,
        "PRECONDITION_FAILED",
        "It has been changed meanwhile; read it again",
    );
}

#[actix_web::test]
async fn why_a_policy_was_not_changed_is_told() {
    let change = || patch(&path(), &json!({"passwordMinLength": 7})).by_ada();
    is_not_there(&ask(changing(None, || Err(ChangePolicyError::NotFound)), change()).await);
    ask(changing(None, || Err(Forbidden.into())), change())
        .await
        .is_problem(403, "FORBIDDEN_ROLE", "Your role does not allow this");
    ask(changing(None, || Err(ReauthenticationRequired.into())), change())
        .await
        .is_problem(
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        );
    let sentence = "Minimum password length must be at least 8";
    let weak = || {
        let sentence = "Minimum password length must be at least 8";
        Err(ChangePolicyError::Invalid(Violations::of(
            "passwordMinLength",
            sentence,
        )))
    };
    let answer = ask(changing(None, weak), change()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.violations(),
        [("passwordMinLength".to_owned(), sentence.to_owned())]
    );
    let gone = || Err(PortError::unavailable("policies.change", "refused").into());
    ask(changing(None, gone), change())
        .await
        .is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
}

#[actix_web::test]
async fn what_is_no_number_or_no_switch_is_told_field_by_field() {
    for wrong in [
        json!("12"),
        json!(-1),
        json!(1.5),
        json!(null),
        json!([12]),
        json!(true),
    ] {
        let body = json!({"passwordMinLength": wrong, "sessionTimeoutHours": wrong, "maxLoginAttempts": wrong});
        let answer = ask(ada_signed_in(), patch(&path(), &body).by_ada()).await;
        let expected = [
            ("passwordMinLength", "Minimum password length must be a whole number"),
            ("sessionTimeoutHours", "Session timeout must be a whole number"),
            ("maxLoginAttempts", "Maximum login attempts must be a whole number"),
        ];
        let expected = expected.map(|(path, sentence)| (path.to_owned(), sentence.to_owned()));
        assert_eq!(answer.violations(), expected, "{wrong}");
    }
    for wrong in [json!("yes"), json!(1), json!(null)] {
        let body = json!({"passwordRequireSymbols": wrong, "twoFactorRequired": wrong});
        let answer = ask(ada_signed_in(), patch(&path(), &body).by_ada()).await;
        let expected = ["passwordRequireSymbols", "twoFactorRequired"]
            .map(|path| (path.to_owned(), "Must be true or false".to_owned()));
        assert_eq!(answer.violations(), expected, "{wrong}");
    }
}
