//! What is done.

use actix_web::http::Method;
use rookery_core::domain::{Actor, EmailAddress, ErasureId, Reason};
use rookery_core::ports::{ErasureReceipt, StakeFate, TenantStake};
use rookery_core::{Forbidden, Intervened, Intervention, OversightError, PortError, ReauthenticationRequired, Whom};
use serde_json::{Value, json};

use super::{Failed, OPERATIONS, bob, call, overseer, staffed};
use crate::ada;
use crate::ask::{ByAda, ask, send};

#[actix_web::test]
async fn a_change_names_whom_and_why_and_is_answered_with_what_became_of_it() {
    for (what, method, path, expected) in [
        (
            Intervention::Suspend,
            "POST",
            "suspend",
            json!({ "success": true, "ended": 2 }),
        ),
        (
            Intervention::Restore,
            "POST",
            "restore",
            json!({ "success": true, "message": "The account has been restored." }),
        ),
        (
            Intervention::Hold,
            "POST",
            "hold",
            json!({ "success": true, "message": "The account is on legal hold." }),
        ),
        (
            Intervention::Release,
            "POST",
            "release",
            json!({ "success": true, "message": "The account has been released." }),
        ),
        (
            Intervention::EndSessions,
            "DELETE",
            "sessions",
            json!({ "success": true, "ended": 2 }),
        ),
        (
            Intervention::SendPasswordReset,
            "POST",
            "send-password-reset",
            json!({ "success": true, "message": "The mail is on its way." }),
        ),
        (
            Intervention::SendVerification,
            "POST",
            "send-verification",
            json!({ "success": true, "message": "The mail is on its way." }),
        ),
    ] {
        let mut behind = staffed();
        behind
            .oversight
            .expect_intervene()
            .once()
            .withf(move |by, whom, asked, why| {
                *by == overseer()
                    && *whom == Whom::Id(bob())
                    && *asked == what
                    && why.as_ref().map(Reason::as_str) == Some("Ticket 4711")
            })
            .returning(|_, _, _, _| {
                Ok(Intervened {
                    user: bob(),
                    sessions: 2,
                    receipt: None,
                })
            });
        let path = format!("/api/admin/users/{}/{path}", bob());
        let answer = ask(behind, call(method, &path).by_ada()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json(), expected);
    }
}

#[actix_web::test]
async fn a_change_needs_a_reason_and_an_account_that_is_named_by_its_id() {
    for (method, path) in OPERATIONS.into_iter().filter(|(method, _)| *method != "GET") {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for (body, sentence) in [
            (json!({}), "Reason is required"),
            (json!({ "reason": " " }), "Reason is required"),
            (json!({ "reason": null }), "Reason is required"),
            (json!({ "reason": 7 }), "Reason must be a string"),
            (json!({ "reason": "x".repeat(501) }), "Reason is too long"),
            (
                json!({ "reason": "a\nb" }),
                "Reason contains characters that are not allowed",
            ),
        ] {
            let mut body = body;
            body["confirmation"] = json!(bob());
            let answer = ask(staffed(), send(method.clone(), path, &body).by_ada()).await;
            answer.has_violations(&[("reason", sentence)]);
        }
        let nobody = path.replace("0199d2f0-7c00-7000-8000-000000000001", "nobody");
        let answer = ask(
            staffed(),
            send(method, &nobody, &json!({ "reason": "x", "confirmation": bob() })).by_ada(),
        )
        .await;
        answer.is_problem(404, "USER_NOT_FOUND", "User not found");
    }
}

#[actix_web::test]
async fn an_erasure_names_the_account_twice_and_is_answered_with_its_receipt() {
    let erase = format!("/api/admin/users/{}/erase", bob());
    for (given, meant) in [
        (json!(bob()), Whom::Id(bob())),
        (
            json!(" Bob@example.com "),
            Whom::Address(EmailAddress::parse("bob@example.com").unwrap()),
        ),
    ] {
        let mut behind = staffed();
        behind
            .oversight
            .expect_erase()
            .once()
            .withf(move |by, whom, confirmation, why| {
                *by == overseer()
                    && *whom == Whom::Id(bob())
                    && *confirmation == meant
                    && why.as_ref().map(Reason::as_str) == Some("Case 12")
            })
            .returning(|_, _, _, _| {
                Ok(Intervened {
                    user: bob(),
                    sessions: 0,
                    receipt: Some(ErasureReceipt {
                        id: ErasureId::new(ada::noon(), &[9; 10]),
                        user: bob(),
                        basis: "operator".to_owned(),
                        by: Actor::Operator,
                        requested: None,
                        erased: ada::noon(),
                        counts: std::collections::BTreeMap::new(),
                    }),
                })
            });
        let wish = json!({ "reason": "Case 12", "confirmation": given });
        let answer = ask(behind, send(Method::POST, &erase, &wish).by_ada()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(
            answer.json(),
            json!({
                "success": true, "receiptId": ErasureId::new(ada::noon(), &[9; 10]), "erasedAt": "2025-10-27T12:00:00.000Z",
            })
        );
    }
    let names_nothing = "Confirmation must be the account's address or id";
    for (given, sentence) in [
        (Value::Null, "Confirmation is required"),
        (json!(" "), "Confirmation is required"),
        (json!(7), "Confirmation must be a string"),
        (json!("yes"), names_nothing),
    ] {
        let wish = json!({ "reason": "Case 12", "confirmation": given });
        let answer = ask(staffed(), send(Method::POST, &erase, &wish).by_ada()).await;
        answer.has_violations(&[("confirmation", sentence)]);
    }
    let mut behind = staffed();
    behind
        .oversight
        .expect_erase()
        .returning(|_, _, _, _| Err(OversightError::NotConfirmed));
    let another = json!({ "reason": "Case 12", "confirmation": "ada@example.com" });
    let answer = ask(behind, send(Method::POST, &erase, &another).by_ada()).await;
    answer.has_violations(&[("confirmation", names_nothing)]);
    let mut behind = staffed();
    behind.oversight.expect_erase().returning(|_, _, _, _| {
        Err(OversightError::NeedsOwners(vec![TenantStake {
            tenant: ada::tenant().id,
            name: "Engines".to_owned(),
            others: 1,
            fate: StakeFate::NeedsOwner,
        }]))
    });
    let wish = json!({ "reason": "Case 12", "confirmation": bob() });
    let answer = ask(behind, send(Method::POST, &erase, &wish).by_ada()).await;
    assert_eq!(answer.status, 409);
    let body = answer.json();
    assert_eq!(body["code"], "TENANTS_NEED_OWNER");
    assert_eq!(body["tenants"][0]["name"], "Engines");
}

#[actix_web::test]
async fn what_is_refused_is_told_apart() {
    let refusals: [Failed; 11] = [
        (|| OversightError::NotStaff, 404, "NOT_FOUND", "Not found"),
        (
            || Forbidden.into(),
            403,
            "FORBIDDEN_ROLE",
            "Your role does not allow this",
        ),
        (
            || OversightError::NoSuchAccount,
            404,
            "USER_NOT_FOUND",
            "User not found",
        ),
        (
            || OversightError::Oneself,
            403,
            "FORBIDDEN_ON_ONESELF",
            "You cannot do this to your own account",
        ),
        (
            || OversightError::Protected,
            403,
            "STAFF_PROTECTED",
            "This account belongs to staff of the same or a higher role",
        ),
        (
            || OversightError::Suspended,
            409,
            "ACCOUNT_SUSPENDED",
            "The account is suspended",
        ),
        (
            || OversightError::AlreadyVerified,
            409,
            "EMAIL_ALREADY_VERIFIED",
            "The email address is verified already",
        ),
        (
            || OversightError::Held,
            409,
            "ON_LEGAL_HOLD",
            "The account, or a tenant that would go with it, is on legal hold",
        ),
        (
            || OversightError::NotHeld,
            409,
            "NOT_ON_LEGAL_HOLD",
            "The account is not on legal hold",
        ),
        (
            || ReauthenticationRequired.into(),
            403,
            "REAUTHENTICATION_REQUIRED",
            "Please confirm who you are and try again",
        ),
        (
            || PortError::unavailable("oversight.intervene", "gone").into(),
            503,
            "SERVICE_UNAVAILABLE",
            "Service unavailable",
        ),
    ];
    for (why, status, code, sentence) in refusals {
        let mut behind = staffed();
        behind
            .oversight
            .expect_intervene()
            .returning(move |_, _, _, _| Err(why()));
        behind.oversight.expect_erase().returning(move |_, _, _, _| Err(why()));
        let (method, path) = match code {
            "NOT_ON_LEGAL_HOLD" => OPERATIONS[5],
            "ON_LEGAL_HOLD" => OPERATIONS[6],
            "ACCOUNT_SUSPENDED" => OPERATIONS[8],
            "EMAIL_ALREADY_VERIFIED" => OPERATIONS[9],
            _ => OPERATIONS[2],
        };
        let answer = ask(behind, call(method, path).by_ada()).await;
        answer.is_problem(status, code, sentence);
    }
}
