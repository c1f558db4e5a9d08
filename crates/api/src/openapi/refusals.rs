//! What each operation may refuse, told with the very rows the answers are made of.

mod access;
mod account;
mod invitations;
mod privacy;
mod second_factors;
mod staff;
mod tenants;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use rookery_core::ports::{StakeFate, TenantStake};
use rookery_core::{Limit, LimitProfile, Refusal, Rule};
use rookery_domain::{TenantId, Timestamp, Violations};
use rookery_door::Problem;
use utoipa::ToSchema;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::view::ProblemView;

/// Everything an operation may refuse: its own, what a session asks for, what a change asks for, and what can befall any.
pub(super) fn refusals(name: &str, operation: &Operation, changes: bool) -> Vec<Problem> {
    let mut problems = own_refusals(name);
    if operation.security.is_some() {
        problems.push(match name {
            "logOut" => Problem::NothingToEnd {
                cleared_cookie: HeaderValue::from_static(""),
            },
            _ => Problem::AuthenticationRequired,
        });
        if !leads_to_a_second_factor(name) {
            problems.push(Problem::SecondFactorRequired);
        }
    }
    if operation.request_body.is_some() {
        problems.extend([Problem::BadRequest, Problem::BodyTooSlow]);
    }
    if changes {
        problems.extend([Problem::OriginNotAllowed, Problem::PayloadTooLarge, other_type(name)]);
    }
    if !matches!(name, "health" | "live" | "ready") {
        problems.push(too_many(name));
    }
    problems.push(Problem::Internal { cause: String::new() });
    problems
}

/// What is said to a body of another type.
fn other_type(name: &str) -> Problem {
    match name {
        "showPicture" => Problem::UnsupportedPictureType,
        _ => Problem::UnsupportedMediaType,
    }
}

/// What a session may still do that lacks the second factor a tenant asks for.
fn leads_to_a_second_factor(name: &str) -> bool {
    matches!(
        name,
        "secondFactorStatus"
            | "enrolTotp"
            | "confirmTotp"
            | "reauthenticate"
            | "currentSession"
            | "readProfile"
            | "logOut"
    )
}

/// The limit a client is likeliest to meet here. What is limited is the same in every profile but `off`.
fn too_many(name: &str) -> Problem {
    const NOTHING: Rule = Rule {
        quota: 0,
        window: chrono::Duration::zero(),
        lock: None,
    };
    let limit = match name {
        "signUp" => Limit::SignUpNetwork,
        "logIn" => Limit::LogInAddress,
        "forgotPassword" | "resendVerification" => Limit::MailNetwork,
        "changePassword" | "changeEmail" | "reauthenticate" | "confirmTotp" | "removeTotp" | "deleteAccount" => {
            Limit::CurrentPassword
        }
        "resetPassword" | "verifyEmail" | "confirmEmail" | "undoChange" | "unlock" | "cancelDeletion"
        | "showInvitation" | "acceptInvitation" | "declineInvitation" => Limit::ResetTokenNetwork,
        "invite" | "resendInvitation" => Limit::InvitationsUser,
        "proveSecondFactor" => Limit::SecondFactorUser,
        "foundTenant" => Limit::TenantsUser,
        "findUsers" | "showUser" | "findTenants" | "showTenant" | "readStaffLog" => Limit::StaffLooksUser,
        "suspendUser" | "restoreUser" | "holdUser" | "releaseUser" | "eraseUser" | "endUserSessions"
        | "sendPasswordReset" | "sendVerification" => Limit::StaffChangesUser,
        "showPicture" => Limit::PictureUser,
        "requestExport" => Limit::ExportUser,
        "readPicture" => Limit::PictureReadsNetwork,
        "openApiDocument" | "docsPage" | "docsFile" => Limit::AnonymousNetwork,
        _ => Limit::ReadsUser,
    };
    let rule = limit.rule(LimitProfile::Default).unwrap_or(NOTHING);
    Problem::TooMany(Refusal {
        limit,
        rule,
        retry_in: rule.window,
    })
}

/// What an operation alone may refuse.
fn own_refusals(operation: &str) -> Vec<Problem> {
    let tables = [
        access::of,
        account::of,
        second_factors::of,
        privacy::of,
        tenants::of,
        invitations::of,
        staff::of,
        of_documents,
    ];
    // Health has its own 503.
    tables.iter().find_map(|of| of(operation)).unwrap_or_default()
}

/// A document that is in the binary is always there.
fn of_documents(operation: &str) -> Option<Vec<Problem>> {
    (operation == "docsFile").then(|| vec![Problem::NotFound])
}

fn unavailable() -> Problem {
    Problem::Unavailable { cause: String::new() }
}

/// A field that is not as it should be, and the sentence that says so.
fn invalid(path: &'static str, sentence: &str) -> Problem {
    Problem::Validation(Violations::of(path, sentence))
}

/// A tenant that comes before a deletion.
fn stake_in_the_way() -> TenantStake {
    TenantStake {
        tenant: TenantId::new(Timestamp::UNIX_EPOCH, &[3; 10]),
        name: "Analytical Engines".to_owned(),
        others: 2,
        fate: StakeFate::NeedsOwner,
    }
}

/// The problems as responses, one for each status, with an example for each code.
pub(super) fn responses(problems: Vec<Problem>) -> impl Iterator<Item = (String, RefOr<Response>)> {
    let mut by_status: BTreeMap<u16, Vec<Problem>> = BTreeMap::new();
    for problem in problems {
        by_status.entry(problem.status().as_u16()).or_default().push(problem);
    }
    by_status
        .into_iter()
        .map(|(status, problems)| (status.to_string(), RefOr::T(response(&problems))))
}

fn response(problems: &[Problem]) -> Response {
    let sentences: Vec<&str> = problems.iter().map(Problem::sentence).collect();
    let examples = problems.iter().map(|problem| {
        let body = serde_json::to_value(ProblemView::of(problem, "0199d2f0-7c00-7000-8000-000000000000"));
        (problem.code(), ExampleBuilder::new().value(body.ok()).build())
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ProblemView::name())))
        .examples_from_iter(examples)
        .build();
    let response = ResponseBuilder::new()
        .description(sentences.join("; "))
        .content("application/json", content);
    let clears_a_cookie = |problem| matches!(problem, &Problem::NothingToEnd { .. } | &Problem::ChallengeEnded { .. });
    let response = if problems.iter().any(clears_a_cookie) {
        let told = "The cookie of what is over, cleared";
        response.header("Set-Cookie", header(Type::String, told))
    } else {
        response
    };
    match problems.first().map(Problem::status) {
        Some(StatusCode::TOO_MANY_REQUESTS) => response
            .header("Retry-After", header(Type::Integer, "Seconds after which to try again"))
            .header(
                "RateLimit-Policy",
                header(Type::String, "The limit: its name, quota and window"),
            )
            .header(
                "RateLimit",
                header(Type::String, "How much of it is left, and for how long"),
            ),
        Some(StatusCode::SERVICE_UNAVAILABLE) => {
            response.header("Retry-After", header(Type::Integer, "Seconds after which to try again"))
        }
        Some(StatusCode::UNAUTHORIZED) => response.header("WWW-Authenticate", header(Type::String, "`Bearer`")),
        _ => response,
    }
    .build()
}

fn header(kind: Type, description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(kind).build()))
        .description(Some(description))
        .build()
}
