//! `GET`, `POST /api/users/me/export` and what is below

use chrono::Duration;
use rookery_core::domain::{Export, ExportId, ExportState};
use rookery_core::{ExportError, Limit, LimitProfile, OpenedExport, PortError, ReauthenticationRequired, Refusal};
use serde_json::json;

use crate::ada;
use crate::ask::{ByAda, ask, get, post};
use crate::behind::{ada_signed_in, nothing};

const PATH: &str = "/api/users/me/export";

fn id() -> ExportId {
    ExportId::new(ada::noon(), &[7; 10])
}

fn export(state: ExportState) -> Export {
    Export {
        id: id(),
        requested: ada::noon() - Duration::minutes(1),
        state,
    }
}

fn ready() -> ExportState {
    ExportState::Ready {
        at: ada::noon(),
        expires: ada::noon() + Export::LIFE,
        size: 20_480,
        parts: 1,
    }
}

#[actix_web::test]
async fn a_copy_is_asked_for_and_is_being_made() {
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_request()
        .once()
        .withf(|signed_in, caller| signed_in.session.user == ada::user() && caller.request_id.is_some())
        .returning(|_, _| Ok(export(ExportState::Pending)));
    let answer = ask(behind, post(PATH, &json!({})).by_ada()).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        answer.json(),
        json!({
            "id": id(), "status": "pending", "createdAt": "2025-10-27T11:59:00.000Z", "expiresAt": null, "size": null,
        })
    );
}

// Proves: A78
#[actix_web::test]
async fn without_a_fresh_proof_there_is_neither_a_copy_nor_a_download() {
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_request()
        .returning(|_, _| Err(ExportError::ReauthenticationRequired(ReauthenticationRequired)));
    let answer = ask(behind, post(PATH, &json!({})).by_ada()).await;
    answer.is_problem(
        403,
        "REAUTHENTICATION_REQUIRED",
        "Please confirm who you are and try again",
    );
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_open()
        .returning(|_, _, _| Err(ExportError::ReauthenticationRequired(ReauthenticationRequired)));
    let answer = ask(behind, get(&format!("{PATH}/{}/download", id())).by_ada()).await;
    answer.is_problem(
        403,
        "REAUTHENTICATION_REQUIRED",
        "Please confirm who you are and try again",
    );
}

#[actix_web::test]
async fn a_fourth_copy_in_a_day_is_too_many() {
    let mut behind = ada_signed_in();
    behind.exports.expect_request().returning(|_, _| {
        Err(ExportError::Throttled(Refusal {
            limit: Limit::ExportUser,
            rule: Limit::ExportUser.rule(LimitProfile::Default).unwrap(),
            retry_in: Duration::hours(20),
        }))
    });
    let answer = ask(behind, post(PATH, &json!({})).by_ada()).await;
    answer.is_problem(429, "RATE_LIMIT_EXCEEDED", "Too many requests");
    assert_eq!(answer.header("retry-after"), Some("72000"));
}

#[actix_web::test]
async fn copies_are_listed_with_what_became_of_them() {
    let expired = ExportState::Ready {
        at: ada::noon() - Export::LIFE,
        expires: ada::noon(),
        size: 7,
        parts: 1,
    };
    let listed = vec![
        export(ExportState::Pending),
        export(ready()),
        export(expired),
        export(ExportState::Failed { at: ada::noon() }),
    ];
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_list()
        .once()
        .returning(move |_| Ok(listed.clone()));
    let body = ask(behind, get(PATH).by_ada()).await.json();
    let told: Vec<_> = body["exports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|export| {
            (
                export["status"].clone(),
                export["size"].clone(),
                export["expiresAt"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!("pending"), json!(null), json!(null)),
            (json!("ready"), json!(20_480), json!("2025-11-03T12:00:00.000Z")),
            (json!("expired"), json!(7), json!("2025-10-27T12:00:00.000Z")),
            (json!("failed"), json!(null), json!(null)),
        ]
    );
}

#[actix_web::test]
async fn one_copy_is_read_by_its_id() {
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_find()
        .once()
        .withf(|signed_in, export| signed_in.session.user == ada::user() && *export == id())
        .returning(|_, _| Ok(export(ready())));
    let answer = ask(behind, get(&format!("{PATH}/{}", id())).by_ada()).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["status"]),
        (200, &json!("ready"))
    );
}

// Proves: A62, A78
#[actix_web::test]
async fn another_s_copy_an_unknown_one_and_what_is_no_id_are_one_404() {
    for below in ["", "/download"] {
        for unknown in [
            "0199d2f0-7c00-7000-8000-000000000012",
            "1",
            "%2e%2e",
            "x".repeat(300).as_str(),
        ] {
            let mut behind = ada_signed_in();
            behind
                .exports
                .expect_find()
                .returning(|_, _| Err(ExportError::NotFound));
            behind
                .exports
                .expect_open()
                .returning(|_, _, _| Err(ExportError::NotFound));
            let answer = ask(behind, get(&format!("{PATH}/{unknown}{below}")).by_ada()).await;
            answer.is_problem(404, "EXPORT_NOT_FOUND", "Export not found");
        }
    }
}

#[actix_web::test]
async fn whoever_is_not_signed_in_gets_nothing() {
    ask(nothing(), post(PATH, &json!({}))).await.is_unauthorized();
    ask(nothing(), get(PATH)).await.is_unauthorized();
    ask(nothing(), get(&format!("{PATH}/{}", id()))).await.is_unauthorized();
    ask(nothing(), get(&format!("{PATH}/{}/download", id())))
        .await
        .is_unauthorized();
}

#[actix_web::test]
async fn a_copy_is_sent_part_by_part_as_a_file_that_nobody_keeps() {
    let mut behind = ada_signed_in();
    behind
        .exports
        .expect_open()
        .once()
        .withf(|signed_in, export, _| signed_in.session.user == ada::user() && *export == id())
        .returning(|_, export, _| {
            Ok(OpenedExport {
                id: *export,
                size: 9,
                parts: 3,
            })
        });
    behind
        .exports
        .expect_part()
        .times(3)
        .returning(|_, _, number| Ok(format!("<{number}>").into_bytes()));
    let answer = ask(behind, get(&format!("{PATH}/{}/download", id())).by_ada()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text, "<0><1><2>");
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"export-2025-10-27.zip\"")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[actix_web::test]
async fn a_copy_whose_first_part_is_not_there_is_a_problem_and_no_file() {
    let mut behind = ada_signed_in();
    behind.exports.expect_open().returning(|_, export, _| {
        Ok(OpenedExport {
            id: *export,
            size: 9,
            parts: 3,
        })
    });
    behind
        .exports
        .expect_part()
        .returning(|_, _, _| Err(ExportError::Port(PortError::unavailable("exports.part", "gone"))));
    let answer = ask(behind, get(&format!("{PATH}/{}/download", id())).by_ada()).await;
    answer.is_problem(503, "SERVICE_UNAVAILABLE", "Service unavailable");
}
