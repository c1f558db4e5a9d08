//! `/api/admin/…`

mod admission;
mod changing;
mod looking;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use rookery_core::domain::{Caller, StaffRole, UserId};
use rookery_core::{AdmissionError, Overseer, OversightError};
use serde_json::json;

use crate::ada;
use crate::ask::{Answer, get, send};
use crate::behind::{Behind, ada_signed_in};

/// Every operation: its method and its path.
pub(crate) const OPERATIONS: [(&str, &str); 13] = [
    ("GET", "/api/admin/users"),
    ("GET", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/suspend"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/restore"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/hold"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/release"),
    ("POST", "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/erase"),
    (
        "DELETE",
        "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/sessions",
    ),
    (
        "POST",
        "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/send-password-reset",
    ),
    (
        "POST",
        "/api/admin/users/0199d2f0-7c00-7000-8000-000000000001/send-verification",
    ),
    ("GET", "/api/admin/tenants"),
    ("GET", "/api/admin/tenants/0199d2f0-7c00-7000-8000-000000000003"),
    ("GET", "/api/admin/log"),
];

fn bob() -> UserId {
    UserId::new(ada::noon(), &[5; 10])
}

fn overseer() -> Overseer {
    Overseer::let_in(&ada::signed_in(), StaffRole::Operator, &Caller::default())
}

/// Ada is let in.
fn staffed() -> Behind {
    let mut behind = ada_signed_in();
    behind
        .oversight
        .expect_admit()
        .withf(|signed_in, caller| *signed_in == ada::signed_in() && caller.request_id.is_some())
        .returning(|_, _| Ok(overseer()));
    behind
}

fn call(method: &str, path: &str) -> TestRequest {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    if method == Method::GET {
        get(path)
    } else {
        send(method, path, &json!({ "reason": "Ticket 4711", "confirmation": bob() }))
    }
}

fn headers(answer: &Answer) -> Vec<String> {
    let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort_unstable();
    names
}

type Refused = (fn() -> AdmissionError, u16, &'static str, &'static str);

type Failed = (fn() -> OversightError, u16, &'static str, &'static str);
