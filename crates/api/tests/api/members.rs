//! `/api/tenants/{tenantId}/users` and `POST /api/tenants/{tenantId}/transfer-ownership`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::domain::{EmailAddress, Role, SearchText, UserId};
use rookery_core::ports::{Member, MemberPosition};
use rookery_core::{
    EndedMembership, Forbidden, MemberError, MemberPage, PortError, ReauthenticationRequired, TenantError,
};
use serde_json::{Value, json};

use crate::ada;
use crate::ask::{ByAda, ask, get, patch, post};
use crate::behind::{Behind, ada_signed_in, nothing};

fn bob() -> UserId {
    UserId::new(ada::noon(), &[5; 10])
}

fn member() -> Member {
    Member {
        user: bob(),
        email: EmailAddress::parse("bob@example.com").unwrap(),
        name: Some("Bob".to_owned()),
        given_name: None,
        family_name: None,
        roles: vec![Role::Admin],
        joined: ada::noon(),
    }
}

fn shown() -> Value {
    json!({
        "id": bob(), "email": "bob@example.com", "name": "Bob", "givenName": null, "familyName": null,
        "roles": ["admin"], "joinedAt": "2025-10-27T12:00:00.000Z",
    })
}

fn users() -> String {
    format!("/api/tenants/{}/users", ada::tenant().id)
}

fn user() -> String {
    format!("{}/{}", users(), bob())
}

fn transfer() -> String {
    format!("/api/tenants/{}/transfer-ownership", ada::tenant().id)
}

fn delete(path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(Method::DELETE).by_ada()
}

#[actix_web::test]
async fn members_come_in_pages_that_lead_to_each_other() {
    let place = MemberPosition {
        joined: ada::noon(),
        user: bob(),
    };
    let mut behind = ada_signed_in();
    behind
        .members
        .expect_list()
        .once()
        .withf(|signed_in, tenant, filter| {
            *signed_in == ada::signed_in()
                && *tenant == ada::tenant().id
                && filter.search.as_ref().map(SearchText::as_str) == Some("bo")
                && (filter.limit, filter.behind) == (1, None)
        })
        .returning(move |_, _, _| {
            Ok(MemberPage {
                members: vec![member()],
                next: Some(place),
            })
        });
    let answer = ask(behind, get(&format!("{}?limit=1&search=bo", users())).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body["users"], json!([shown()]));
    let cursor = body["nextCursor"].as_str().unwrap().to_owned();
    let link = format!("<?limit=1&search=bo&cursor={cursor}>; rel=\"next\"");
    assert_eq!(answer.header("link"), Some(link.as_str()));

    let mut behind = ada_signed_in();
    behind
        .members
        .expect_list()
        .once()
        .withf(move |_, _, filter| filter.behind == Some(place) && filter.limit == 25 && filter.search.is_none())
        .returning(|_, _, _| {
            Ok(MemberPage {
                members: Vec::new(),
                next: None,
            })
        });
    let answer = ask(behind, get(&format!("{}?cursor={cursor}&search=%20", users())).by_ada()).await;
    assert_eq!(answer.json(), json!({"users": [], "nextCursor": null}));
    assert_eq!(answer.header("link"), None);
}

#[actix_web::test]
async fn a_question_that_makes_no_sense_is_told_field_by_field() {
    let limit = "Limit must be a number from 1 to 100";
    for (query, expected) in [
        ("limit=0", vec![("limit", limit)]),
        ("limit=101", vec![("limit", limit)]),
        ("limit=-1", vec![("limit", limit)]),
        ("cursor=x", vec![("cursor", "Cursor is not valid")]),
        (
            "search=a%00b",
            vec![("search", "Search contains characters that are not allowed")],
        ),
        ("search=a&search=b", vec![("search", "search must be given once")]),
        (
            "limit=x&cursor=",
            vec![("cursor", "Cursor is not valid"), ("limit", limit)],
        ),
    ] {
        let answer = ask(ada_signed_in(), get(&format!("{}?{query}", users())).by_ada()).await;
        answer.has_violations(&expected);
    }
    let long = "x".repeat(255);
    let answer = ask(ada_signed_in(), get(&format!("{}?search={long}", users())).by_ada()).await;
    answer.has_violations(&[("search", "Search is too long")]);
}

fn assigning(answer: fn() -> Result<Member, MemberError>) -> Behind {
    let mut behind = ada_signed_in();
    behind
        .members
        .expect_assign()
        .once()
        .withf(|_, tenant, member, roles, _| {
            *tenant == ada::tenant().id && *member == bob() && roles.as_slice() == [Role::Admin, Role::Viewer]
        })
        .returning(move |_, _, _, _, _| answer());
    behind
}

#[actix_web::test]
async fn a_member_gets_roles_or_is_told_why_not() {
    let body = json!({"roles": ["viewer", "admin", "viewer"]});
    let assign = || patch(&user(), &body).by_ada();
    let answer = ask(assigning(|| Ok(member())), assign()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, shown()));
    for (error, status, code, sentence) in [
        (
            (|| Err(MemberError::NoSuchTenant)) as fn() -> Result<Member, MemberError>,
            404,
            "TENANT_NOT_FOUND",
            "Tenant not found",
        ),
        (
            || Err(Forbidden.into()),
            403,
            "FORBIDDEN_ROLE",
            "Your role does not allow this",
        ),
        (
            || Err(MemberError::NoSuchMember),
            404,
            "USER_NOT_FOUND",
            "User not found",
        ),
        (
            || Err(MemberError::LastOwner),
            409,
            "LAST_OWNER",
            "A tenant needs an owner",
        ),
        (
            || Err(PortError::unavailable("members.change", "gone").into()),
            503,
            "SERVICE_UNAVAILABLE",
            "Service unavailable",
        ),
    ] {
        ask(assigning(error), assign()).await.is_problem(status, code, sentence);
    }
}

#[actix_web::test]
async fn roles_that_are_none_are_refused_in_words() {
    let list = "Roles must be a list of strings";
    let word = "Role must be owner, admin, member, or viewer";
    let none = "At least one role is required";
    for (roles, message) in [
        (json!([]), none),
        (json!(null), none),
        (json!("admin"), list),
        (json!([1]), list),
        (json!([null]), list),
        (json!([["admin"]]), list),
        (json!({}), list),
        (json!(true), list),
        (json!(["root"]), word),
        (json!(["Owner"]), word),
        (json!(["admin", ""]), word),
        (json!(["\0"]), word),
        (json!(vec!["x"; 3_000]), word),
    ] {
        let answer = ask(ada_signed_in(), patch(&user(), &json!({"roles": roles})).by_ada()).await;
        answer.has_violations(&[("roles", message)]);
    }
    let answer = ask(ada_signed_in(), patch(&user(), &json!({})).by_ada()).await;
    answer.has_violations(&[("roles", none)]);
}

#[actix_web::test]
async fn a_membership_ends_by_somebody_else_or_by_oneself() {
    for (ended, message) in [
        (EndedMembership::Other, "Member has been removed."),
        (EndedMembership::Own, "You have left the tenant."),
    ] {
        let mut behind = ada_signed_in();
        behind
            .members
            .expect_remove()
            .once()
            .withf(|_, tenant, member, _| *tenant == ada::tenant().id && *member == bob())
            .returning(move |_, _, _, _| Ok(ended));
        let answer = ask(behind, delete(&user())).await;
        assert_eq!(answer.json(), json!({"success": true, "message": message}));
    }
}

#[actix_web::test]
async fn the_ownership_goes_to_another_member_by_a_fresh_proof() {
    let handing = |answer: fn() -> Result<Member, MemberError>| {
        let mut behind = ada_signed_in();
        behind
            .members
            .expect_transfer_ownership()
            .once()
            .withf(|_, tenant, to, _| *tenant == ada::tenant().id && *to == bob())
            .returning(move |_, _, _, _| answer());
        behind
    };
    let body = json!({"userId": bob()});
    let hand_on = || post(&transfer(), &body).by_ada();
    let answer = ask(handing(|| Ok(member())), hand_on()).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, shown()));
    ask(handing(|| Err(ReauthenticationRequired.into())), hand_on())
        .await
        .is_problem(
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        );
    ask(handing(|| Err(MemberError::NotAnother)), hand_on())
        .await
        .has_violations(&[("userId", "Must be another member")]);
}

#[actix_web::test]
async fn what_is_no_id_names_nobody() {
    for id in ["0", "me", "%00", "%ff%fe", "*"] {
        let answer = ask(ada_signed_in(), delete(&format!("{}/{id}", users()))).await;
        answer.is_problem(404, "USER_NOT_FOUND", "User not found");
        let answer = ask(ada_signed_in(), post(&transfer(), &json!({"userId": id})).by_ada()).await;
        answer.is_problem(404, "USER_NOT_FOUND", "User not found");
    }
    let nowhere = "/api/tenants/nowhere/users";
    for request in [
        get(nowhere).by_ada(),
        delete(&format!("{nowhere}/{}", bob())),
        patch(&format!("{nowhere}/{}", bob()), &json!({"roles": ["admin"]})).by_ada(),
    ] {
        let answer = ask(ada_signed_in(), request).await;
        answer.is_problem(404, "TENANT_NOT_FOUND", "Tenant not found");
    }
}

#[actix_web::test]
async fn a_tenant_of_others_is_not_there_for_a_list_either() {
    let mut behind = ada_signed_in();
    behind
        .members
        .expect_list()
        .once()
        .returning(|_, _, _| Err(TenantError::NotFound));
    let answer = ask(behind, get(&users()).by_ada()).await;
    answer.is_problem(404, "TENANT_NOT_FOUND", "Tenant not found");
}

#[actix_web::test]
async fn without_a_session_there_are_no_members_whatever_is_asked() {
    for request in [
        get(&users()),
        patch(&user(), &json!({"roles": 1})),
        TestRequest::with_uri(&user()).method(Method::DELETE),
        post(&transfer(), &json!({})),
    ] {
        ask(nothing(), request).await.is_unauthorized();
    }
}
