//! `GET`, `POST /api/tenants`, `PATCH /api/tenants/{tenantId}`, `POST /api/auth/switch-tenant`

use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{Membership, Role, TenantId, TenantSummary};
use rookery_core::{
    Forbidden, FoundTenantError, Limit, LimitProfile, PortError, ReauthenticationRequired, Refusal, SwitchTenantError,
    TenantError,
};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{Answer, ByAda, ask, get, patch, post};
use crate::behind::{Behind, ada_signed_in, nothing};

const PATH: &str = "/api/tenants";
const SWITCH: &str = "/api/auth/switch-tenant";

fn engines() -> Membership {
    Membership {
        tenant: ada::tenant(),
        created: ada::noon() - Duration::hours(1),
        joined: ada::noon(),
        timeout_hours: None,
    }
}

fn path() -> String {
    format!("{PATH}/{}", ada::tenant().id)
}

fn shown(active: bool) -> Value {
    json!({
        "id": ada::tenant().id, "name": "Analytical Engines", "roles": ["owner", "member"],
        "createdAt": "2025-10-27T11:00:00.000Z", "joinedAt": "2025-10-27T12:00:00.000Z", "active": active,
    })
}

fn is_not_there(answer: &Answer) {
    answer.is_problem(404, "TENANT_NOT_FOUND", "Tenant not found");
}

#[actix_web::test]
async fn one_s_tenants_are_listed_with_the_one_the_session_is_in() {
    let other = Membership {
        tenant: TenantSummary {
            id: TenantId::new(ada::noon(), &[4; 10]),
            name: "Elsewhere".to_owned(),
            roles: vec![Role::Viewer],
        },
        ..engines()
    };
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|_| {
        let mut signed_in = ada::signed_in();
        signed_in.session.tenant = Some(ada::tenant());
        Ok(signed_in)
    });
    let listed = vec![engines(), other];
    behind
        .tenants
        .expect_list()
        .once()
        .withf(|signed_in| signed_in.session.user == ada::user())
        .returning(move |_| Ok(listed.clone()));
    let answer = ask(behind, get(PATH).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body["tenants"][0], shown(true));
    assert_eq!(body["tenants"][1]["active"], false);
    assert_eq!(body["tenants"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_tenant_is_made_under_its_name_without_what_stands_around_it() {
    let mut behind = ada_signed_in();
    behind
        .tenants
        .expect_found()
        .once()
        .withf(|signed_in, name, _| *signed_in == ada::signed_in() && name.as_str() == "Analytical Engines")
        .returning(|_, _, _| Ok(engines()));
    let body = json!({"name": " Analytical Engines ", "id": "mine", "roles": ["owner"]});
    let answer = ask(behind, post(PATH, &body).by_ada()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (201, shown(false)));
}

#[actix_web::test]
async fn why_no_tenant_was_made_is_told() {
    let failing = |error: fn() -> FoundTenantError| {
        let mut behind = ada_signed_in();
        behind
            .tenants
            .expect_found()
            .once()
            .returning(move |_, _, _| Err(error()));
        behind
    };
    let body = json!({"name": "Engines"});
    ask(
        failing(|| FoundTenantError::EmailNotVerified),
        post(PATH, &body).by_ada(),
    )
    .await
    .is_problem(403, "EMAIL_NOT_VERIFIED", "Please verify your email address first");
    let too_many = || {
        let limit = Limit::TenantsUser;
        let rule = limit.rule(LimitProfile::Default).unwrap();
        FoundTenantError::from(Refusal {
            limit,
            rule,
            retry_in: Duration::hours(5),
        })
    };
    let answer = ask(failing(too_many), post(PATH, &body).by_ada()).await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("18000"));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"tenants\";q=20;w=86400"));
    ask(failing(|| FoundTenantError::NotSignedIn), post(PATH, &body).by_ada())
        .await
        .is_unauthorized();
    let gone = || FoundTenantError::from(PortError::unavailable("tenants.found", "refused"));
    ask(failing(gone), post(PATH, &body).by_ada())
        .await
        .is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
}

fn renaming(answer: fn() -> Result<Membership, TenantError>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .tenants
        .expect_rename()
        .once()
        .withf(|_, tenant, name, _| *tenant == ada::tenant().id && name.as_str() == "Analytical Engines")
        .returning(move |_, _, _, _| answer());
    behind
}

#[actix_web::test]
async fn a_tenant_is_renamed_or_told_why_not() {
    let body = json!({"name": "Analytical Engines"});
    let rename = || patch(&path(), &body).by_ada();
    let answer = ask(renaming(|| Ok(engines())), rename()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, shown(false)));
    is_not_there(&ask(renaming(|| Err(TenantError::NotFound)), rename()).await);
    ask(renaming(|| Err(Forbidden.into())), rename()).await.is_problem(
        403,
        "FORBIDDEN_ROLE",
        "Your role does not allow this",
    );
}

#[actix_web::test]
async fn what_is_no_id_is_a_tenant_that_is_not_there() {
    let body = json!({"name": "Engines"});
    for id in ["0", "mine", "%00", "%ff%fe", "00000000-0000-0000-0000-00000000000g"] {
        let answer = ask(ada_signed_in(), patch(&format!("{PATH}/{id}"), &body).by_ada()).await;
        is_not_there(&answer);
        let answer = ask(ada_signed_in(), post(SWITCH, &json!({"tenantId": id})).by_ada()).await;
        is_not_there(&answer);
    }
}

fn switching(answer: fn() -> Result<TenantSummary, SwitchTenantError>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .tenants
        .expect_switch()
        .once()
        .withf(|signed_in, tenant, _| *signed_in == ada::signed_in() && *tenant == ada::tenant().id)
        .returning(move |_, _, _| answer());
    behind
}

#[actix_web::test]
async fn a_session_goes_on_in_another_tenant_or_is_told_why_not() {
    let body = json!({"tenantId": ada::tenant().id});
    let switch = || post(SWITCH, &body).by_ada();
    let answer = ask(switching(|| Ok(ada::tenant())), switch()).await;
    let tenant = json!({"id": ada::tenant().id, "name": "Analytical Engines", "roles": ["owner", "member"]});
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({"success": true, "tenant": tenant}))
    );
    assert!(answer.set_cookies().is_empty(), "the token is the same");
    is_not_there(&ask(switching(|| Err(SwitchTenantError::NotFound)), switch()).await);
    ask(switching(|| Err(SwitchTenantError::NotSignedIn)), switch())
        .await
        .is_unauthorized();
    ask(switching(|| Err(Forbidden.into())), switch()).await.is_problem(
        403,
        "FORBIDDEN_ROLE",
        "Your role does not allow this",
    );
    ask(switching(|| Err(ReauthenticationRequired.into())), switch())
        .await
        .is_problem(
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        );
}

#[actix_web::test]
async fn without_a_session_there_are_no_tenants_whatever_is_asked() {
    for request in [
        get(PATH),
        post(PATH, &json!({})),
        patch(&path(), &json!({"name": 1})),
        TestRequest::post().uri(SWITCH),
    ] {
        ask(nothing(), request).await.is_unauthorized();
    }
}
