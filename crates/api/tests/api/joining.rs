//! `POST /api/auth/invitations/show`, `…/accept`, `…/decline`

use rookery_core::domain::{DeviceToken, EmailAddress, Role, TenantSummary, Violations};
use rookery_core::{DeadInvitation, Joined, JoiningError, JoiningStep, LoggedIn, PortError, ShownInvitation};
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, post};
use crate::behind::{ada_signed_in, nothing};

const SHOW: &str = "/api/auth/invitations/show";
const ACCEPT: &str = "/api/auth/invitations/accept";
const DECLINE: &str = "/api/auth/invitations/decline";

fn shown(next: JoiningStep) -> ShownInvitation {
    ShownInvitation {
        tenant_name: "Engines".to_owned(),
        inviter_name: None,
        inviter_email: EmailAddress::parse("bob@example.com").unwrap(),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        roles: vec![Role::Member],
        note: Some("Come in".to_owned()),
        expires: ada::noon(),
        is_expired: false,
        next,
    }
}

fn tenant() -> TenantSummary {
    TenantSummary {
        roles: vec![Role::Member],
        ..ada::tenant()
    }
}

#[actix_web::test]
async fn an_invitation_is_shown_to_whoever_has_its_token() {
    for (next, word) in [
        (JoiningStep::Enrol, "sign_up"),
        (JoiningStep::SignIn, "sign_in"),
        (JoiningStep::Join, "join"),
        (JoiningStep::SignOut, "sign_out"),
        (JoiningStep::Nothing, "nothing"),
    ] {
        let mut behind = nothing();
        behind.joining.expect_show().once().returning(move |token, signed_in| {
            assert_eq!((token, signed_in), ("inv_x", None));
            Ok(shown(next))
        });
        let answer = ask(behind, post(SHOW, &json!({ "token": "inv_x" }))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(
            answer.json(),
            json!({
                "tenantName": "Engines", "invitedBy": { "name": null, "email": "bob@example.com" },
                "email": "ada@example.com", "roles": ["member"], "note": "Come in",
                "expiresAt": "2025-10-27T12:00:00.000Z", "expired": false, "next": word,
            })
        );
    }
}

#[actix_web::test]
async fn whoever_is_signed_in_accepts_as_who_they_are() {
    let mut behind = ada_signed_in();
    behind.joining.expect_accept().once().returning(|accept| {
        assert_eq!(accept.signed_in, Some(ada::signed_in()));
        assert!(accept.newcomer.password.is_none());
        Ok(Joined::Member(tenant()))
    });
    let answer = ask(behind, post(ACCEPT, &json!({ "token": "inv_x" })).by_ada()).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!((&body["success"], &body["user"]), (&json!(true), &json!(null)));
    assert_eq!(body["tenant"]["roles"], json!(["member"]));
    assert!(answer.header("set-cookie").is_none());
}

#[actix_web::test]
async fn a_newcomer_is_signed_in_by_it() {
    let mut behind = nothing();
    behind.joining.expect_accept().once().returning(|accept| {
        assert!(accept.signed_in.is_none() && accept.newcomer.password.is_some());
        assert_eq!(accept.newcomer.name.as_ref().unwrap().as_str(), "Grace");
        Ok(Joined::Newcomer(
            tenant(),
            LoggedIn {
                user: ada::signed_in().session.user,
                email: EmailAddress::parse("ada@example.com").unwrap(),
                name: Some("Grace".to_owned()),
                token: ada::token(),
                expires: ada::noon(),
                remembered: false,
                device: DeviceToken::from_entropy([7; 32]),
                kept: false,
            },
        ))
    });
    let body = json!({ "token": "inv_x", "password": "correct horse battery", "name": "Grace" });
    let answer = ask(behind, post(ACCEPT, &body)).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["user"]["name"], "Grace");
    assert!(answer.header("set-cookie").is_some());
}

#[actix_web::test]
async fn every_reason_has_a_code_of_its_own() {
    let dead = [
        (DeadInvitation::Unknown, 404, "INVITATION_NOT_FOUND"),
        (DeadInvitation::Superseded, 410, "INVITATION_SUPERSEDED"),
        (DeadInvitation::Expired, 410, "INVITATION_EXPIRED"),
        (DeadInvitation::Void, 410, "INVITATION_VOID"),
        (DeadInvitation::Revoked, 410, "INVITATION_REVOKED"),
        (DeadInvitation::Accepted, 410, "INVITATION_ACCEPTED"),
        (DeadInvitation::Declined, 410, "INVITATION_DECLINED"),
    ];
    let dead = dead.map(|(dead, status, code)| (JoiningError::Dead(dead), status, code));
    let others = [
        (JoiningError::SignInRequired, 401, "SIGN_IN_REQUIRED"),
        (JoiningError::SignedInAsSomeoneElse, 409, "SIGNED_IN_AS_SOMEONE_ELSE"),
        (JoiningError::AlreadyMember, 409, "ALREADY_A_MEMBER"),
        (JoiningError::EmailTaken, 409, "EMAIL_ALREADY_EXISTS"),
        (
            JoiningError::Invalid(Violations::of("password", "Password is required")),
            400,
            "VALIDATION_ERROR",
        ),
        (JoiningError::Busy, 503, "SERVICE_UNAVAILABLE"),
        (
            PortError::unavailable("joining", "down").into(),
            503,
            "SERVICE_UNAVAILABLE",
        ),
    ];
    for (error, status, code) in dead.into_iter().chain(others) {
        let mut error = Some(error);
        let mut behind = nothing();
        behind
            .joining
            .expect_accept()
            .returning(move |_| Err(error.take().unwrap()));
        let answer = ask(behind, post(ACCEPT, &json!({ "token": "inv_x" }))).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (status, &json!(code)));
    }
}

#[actix_web::test]
async fn an_invitation_is_declined_with_its_token_alone() {
    let mut behind = nothing();
    behind.joining.expect_decline().once().returning(|token, _| {
        assert_eq!(token, "inv_x");
        Ok(())
    });
    let answer = ask(behind, post(DECLINE, &json!({ "token": "inv_x" }))).await;
    assert_eq!(answer.status, 200);
    for path in [SHOW, ACCEPT, DECLINE] {
        let answer = ask(nothing(), post(path, &json!({}))).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(
            answer.json()["errors"][0]["path"],
            json!(["token"]),
            "{}",
            answer.json()
        );
    }
}
