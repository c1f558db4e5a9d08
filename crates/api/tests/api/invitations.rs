//! `/api/tenants/{tenantId}/invitations`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::Duration;
use rookery_core::domain::{EmailAddress, InvitationId, InvitationState, Role};
use rookery_core::ports::{Invitation, Inviter};
use rookery_core::{Forbidden, InvitationError, InvitationPage, Invited, Limit, LimitProfile, Refusal, TenantError};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{ByAda, ask, get, post};
use crate::behind::{ada_signed_in, nothing};

fn id() -> InvitationId {
    InvitationId::new(ada::noon(), &[9; 10])
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn invitation() -> Invitation {
    Invitation {
        id: id(),
        email: email("grace@example.com"),
        roles: vec![Role::Member],
        note: None,
        inviter: Some(Inviter {
            user: ada::signed_in().session.user,
            name: None,
            email: email("ada@example.com"),
            roles: vec![Role::Owner],
        }),
        created: ada::noon(),
        expires: ada::noon() + Duration::days(7),
        stored: InvitationState::Pending,
        settled: None,
    }
}

fn shown() -> Value {
    json!({
        "id": id(), "email": "grace@example.com", "roles": ["member"], "note": null, "state": "pending",
        "invitedBy": { "name": null, "email": "ada@example.com" },
        "createdAt": "2025-10-27T12:00:00.000Z", "expiresAt": "2025-11-03T12:00:00.000Z", "settledAt": null,
    })
}

fn all() -> String {
    format!("/api/tenants/{}/invitations", ada::tenant().id)
}

fn refusal() -> Refusal {
    Refusal {
        limit: Limit::InvitationsUser,
        rule: Limit::InvitationsUser.rule(LimitProfile::Default).unwrap(),
        retry_in: Duration::hours(3),
    }
}

#[actix_web::test]
async fn what_became_of_each_is_told_in_order() {
    let mut behind = ada_signed_in();
    behind
        .invitations
        .expect_invite()
        .once()
        .returning(|signed_in, tenant, drafts, _| {
            assert_eq!((signed_in, tenant), (&ada::signed_in(), &ada::tenant().id));
            assert_eq!(drafts.len(), 4);
            assert_eq!(drafts[0].roles.as_slice(), [Role::Member]);
            assert_eq!(drafts[0].note.as_ref().unwrap().as_str(), "Come in");
            Ok(vec![
                Invited::Sent(invitation()),
                Invited::AlreadyMember(email("a@example.com")),
                Invited::AlreadyInvited(email("b@example.com")),
                Invited::Limited(email("c@example.com"), refusal()),
            ])
        });
    let draft = |email: &str| json!({ "email": email, "roles": ["member"], "note": "Come in" });
    let drafts = ["grace@example.com", "a@example.com", "b@example.com", "c@example.com"].map(draft);
    let answer = ask(behind, post(&all(), &json!({ "invitations": drafts })).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json()["invitations"],
        json!([
            { "email": "grace@example.com", "status": "sent", "invitation": shown() },
            { "email": "a@example.com", "status": "already_member", "invitation": null },
            { "email": "b@example.com", "status": "already_invited", "invitation": null },
            { "email": "c@example.com", "status": "rate_limited", "invitation": null },
        ])
    );
}

#[actix_web::test]
async fn everything_that_is_wrong_with_the_drafts_is_told_at_once() {
    let whole = |sentence: &str| json!([[["invitations"], sentence]]);
    let twenty_one: Vec<Value> = (0..21).map(|_| json!({})).collect();
    for (body, expected) in [
        (json!({}), whole("At least one invitation is required")),
        (
            json!({ "invitations": null }),
            whole("At least one invitation is required"),
        ),
        (
            json!({ "invitations": [] }),
            whole("At least one invitation is required"),
        ),
        (
            json!({ "invitations": "x" }),
            whole("Invitations must be a list of objects"),
        ),
        (
            json!({ "invitations": {} }),
            whole("Invitations must be a list of objects"),
        ),
        (
            json!({ "invitations": 7 }),
            whole("Invitations must be a list of objects"),
        ),
        (
            json!({ "invitations": twenty_one }),
            whole("At most 20 people can be invited at once"),
        ),
        (
            json!({ "invitations": [
                { "email": "nobody", "roles": [], "note": 7 },
                7,
                { "email": "a@example.com", "roles": ["king"], "note": "see evil.example" },
                { "email": "b@example.com", "roles": ["viewer"], "note": "x".repeat(501) },
                { "email": "B@example.com", "roles": "viewer" },
                { "email": "B@example.com", "roles": ["viewer"] },
                [],
            ] }),
            json!([
                [["invitations", "0", "email"], "Invalid email address"],
                [["invitations", "0", "roles"], "At least one role is required"],
                [["invitations", "0", "note"], "Note must be a string"],
                [["invitations", "1"], "Invitation must be an object"],
                [
                    ["invitations", "2", "roles"],
                    "Role must be owner, admin, member, or viewer"
                ],
                [["invitations", "2", "note"], "Note must not contain links or addresses"],
                [["invitations", "3", "note"], "Note must be at most 500 characters"],
                [["invitations", "4", "roles"], "Roles must be a list of strings"],
                [["invitations", "5", "email"], "Email must be given once"],
                [["invitations", "6"], "Invitation must be an object"],
            ]),
        ),
        (
            json!({ "invitations": [
                { "email": "b@example.com", "roles": ["viewer"] },
                { "email": "B@Example.com", "roles": ["viewer"] },
            ] }),
            json!([[["invitations", "1", "email"], "Email must be given once"]]),
        ),
    ] {
        let answer = ask(ada_signed_in(), post(&all(), &body).by_ada()).await;
        assert_eq!(answer.status, 400, "{body}");
        let details = answer.json()["errors"].as_array().unwrap().clone();
        let told: Vec<Value> = details.iter().map(|one| json!([one["path"], one["message"]])).collect();
        assert_eq!(json!(told), expected, "{body}");
    }
}

#[actix_web::test]
async fn every_refusal_has_its_code() {
    for (error, status, code) in [
        (InvitationError::NoSuchTenant, 404, "TENANT_NOT_FOUND"),
        (InvitationError::Forbidden(Forbidden), 403, "FORBIDDEN_ROLE"),
        (InvitationError::EmailNotVerified, 403, "EMAIL_NOT_VERIFIED"),
        (InvitationError::NoSuchInvitation, 404, "INVITATION_NOT_FOUND"),
        (InvitationError::Settled, 409, "INVITATION_SETTLED"),
        (InvitationError::AlreadyMember, 409, "ALREADY_A_MEMBER"),
        (InvitationError::Throttled(refusal()), 429, "RATE_LIMIT_EXCEEDED"),
    ] {
        let mut error = Some(error);
        let mut behind = ada_signed_in();
        behind
            .invitations
            .expect_resend()
            .returning(move |_, _, _, _| Err(error.take().unwrap()));
        let answer = ask(behind, post(&format!("{}/{}/resend", all(), id()), &json!({})).by_ada()).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (status, &json!(code)));
    }
    let no_id = ask(
        ada_signed_in(),
        post(&format!("{}/x/resend", all()), &json!({})).by_ada(),
    )
    .await;
    assert_eq!(
        (no_id.status.as_u16(), &no_id.json()["code"]),
        (404, &json!("INVITATION_NOT_FOUND"))
    );
    assert_eq!(ask(nothing(), post(&all(), &json!({}))).await.status, 401);
}

#[actix_web::test]
async fn invitations_come_in_pages_by_state() {
    let mut behind = ada_signed_in();
    behind
        .invitations
        .expect_list()
        .once()
        .withf(|_, _, filter| (filter.limit, filter.behind, filter.state) == (1, None, Some(InvitationState::Pending)))
        .returning(|_, _, _| {
            Ok(InvitationPage {
                invitations: vec![invitation()],
                next: Some(invitation().position()),
            })
        });
    let answer = ask(behind, get(&format!("{}?limit=1&state=pending", all())).by_ada()).await;
    let body = answer.json();
    assert_eq!(body["invitations"], json!([shown()]));
    let cursor = body["nextCursor"].as_str().unwrap().to_owned();
    let link = format!("<?limit=1&state=pending&cursor={cursor}>; rel=\"next\"");
    assert_eq!(answer.header("link"), Some(link.as_str()));

    let mut behind = ada_signed_in();
    behind
        .invitations
        .expect_list()
        .withf(|_, _, filter| filter.behind == Some(invitation().position()) && filter.limit == 25)
        .returning(|_, _, _| Err(TenantError::NotFound));
    let answer = ask(behind, get(&format!("{}?cursor={cursor}", all())).by_ada()).await;
    assert_eq!(answer.status, 404);
    for query in [
        "state=void",
        "state=lost",
        "limit=0",
        "cursor=x",
        "state=pending&state=expired",
    ] {
        let answer = ask(ada_signed_in(), get(&format!("{}?{query}", all())).by_ada()).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[actix_web::test]
async fn an_invitation_is_mailed_again_and_taken_back_without_a_body() {
    let mut behind = ada_signed_in();
    behind.invitations.expect_resend().once().returning(|_, _, asked, _| {
        assert_eq!(*asked, id());
        Ok(invitation())
    });
    let path = format!("{}/{}", all(), id());
    let again = TestRequest::with_uri(&format!("{path}/resend")).method(Method::POST);
    let answer = ask(behind, again.by_ada()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, shown()));
    let mut behind = ada_signed_in();
    behind.invitations.expect_revoke().once().returning(|_, _, _, _| Ok(()));
    let answer = ask(behind, TestRequest::with_uri(&path).method(Method::DELETE).by_ada()).await;
    assert_eq!(answer.status, 200);
}
