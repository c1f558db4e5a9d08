//! What each operation may refuse, told with the very rows the answers are made of.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use rookery_core::ports::{StakeFate, TenantStake};
use rookery_core::{DeadInvitation, Limit, LimitProfile, Refusal, Rule};
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

#[expect(clippy::too_many_lines, reason = "one table, however long")]
fn own_refusals(operation: &str) -> Vec<Problem> {
    let unavailable = || Problem::Unavailable { cause: String::new() };
    let invalid = |path, sentence: &str| Problem::Validation(Violations::of(path, sentence));
    let nothing = || Problem::Validation(Violations::of_whole("At least one field must be provided for update"));
    let same = "New password must be different from current password";
    match operation {
        "signUp" => vec![
            invalid("password", "Password must be at least 8 characters"),
            Problem::EmailTaken,
            unavailable(),
        ],
        "logIn" => vec![
            invalid("email", "Invalid email address"),
            Problem::InvalidCredentials,
            unavailable(),
        ],
        "forgotPassword" | "resendVerification" => vec![invalid("email", "Invalid email address"), unavailable()],
        "resetPassword" => vec![
            invalid("token", "Reset token is required"),
            Problem::InvalidResetToken,
            unavailable(),
        ],
        "verifyEmail" => vec![
            invalid("token", "Verification token is required"),
            Problem::InvalidVerificationToken,
            Problem::VerificationTokenExpired,
            Problem::VerificationTokenAlreadyUsed,
            unavailable(),
        ],
        "updateProfile" => vec![nothing(), Problem::UserNotFound, unavailable()],
        "showPicture" => vec![
            invalid("picture", "Picture must be a PNG, JPEG or WebP image"),
            Problem::UserNotFound,
            unavailable(),
        ],
        "removePicture" => vec![Problem::UserNotFound, unavailable()],
        "readPicture" => vec![Problem::PictureNotFound, unavailable()],
        "changePassword" => vec![
            invalid("newPassword", same),
            Problem::WrongCurrentPassword,
            unavailable(),
        ],
        "endSession" => vec![
            Problem::ReauthenticationRequired,
            Problem::SessionNotFound,
            unavailable(),
        ],
        "endOtherSessions" => vec![Problem::ReauthenticationRequired, unavailable()],
        "proveSecondFactor"
        | "enrolTotp"
        | "confirmTotp"
        | "removeTotp"
        | "renewRecoveryCodes"
        | "forgetTrustedDevice" => about_second_factors(operation),
        "reauthenticate" => vec![
            invalid("password", "Password is required"),
            Problem::WrongProof,
            unavailable(),
        ],
        "changeEmail" => vec![
            invalid("newEmail", "New email must be different"),
            Problem::WrongCurrentPassword,
            Problem::EmailTaken,
            unavailable(),
        ],
        "confirmEmail" => vec![
            invalid("token", "Token is required"),
            Problem::InvalidMailedToken,
            Problem::EmailTaken,
            unavailable(),
        ],
        "unlock" | "undoChange" | "cancelDeletion" => vec![
            invalid("token", "Token is required"),
            Problem::InvalidMailedToken,
            unavailable(),
        ],
        "deleteAccount" => vec![
            invalid("confirmation", "Type DELETE to confirm"),
            Problem::WrongCurrentPassword,
            Problem::WrongCode,
            Problem::ReauthenticationRequired,
            Problem::SoleOwner(vec![stake_in_the_way()]),
            unavailable(),
        ],
        "secondFactorStatus"
        | "deletionOutlook"
        | "forgetTrustedDevices"
        | "cancelEmailChange"
        | "logOut"
        | "currentSession"
        | "listSessions"
        | "readProfile" => vec![unavailable()],
        "readActivity" => vec![invalid("limit", "Limit must be a number from 1 to 100"), unavailable()],
        "readTenantAudit" => vec![
            invalid("limit", "Limit must be a number from 1 to 100"),
            Problem::TenantNotFound,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "requestExport" | "listExports" | "readExport" | "downloadExport" | "readConsents" | "decideConsents" => {
            about_privacy(operation)
        }
        "foundTenant" | "listTenants" | "renameTenant" | "switchTenant" | "listMembers" | "assignRoles"
        | "removeMember" | "transferOwnership" | "readPolicy" | "changePolicy" => about_tenants(operation),
        "findUsers" | "showUser" | "suspendUser" | "restoreUser" | "holdUser" | "releaseUser" | "eraseUser"
        | "endUserSessions" | "sendPasswordReset" | "sendVerification" | "findTenants" | "showTenant"
        | "readStaffLog" => about_staff(operation),
        "invite" | "listInvitations" | "resendInvitation" | "revokeInvitation" | "showInvitation"
        | "acceptInvitation" | "declineInvitation" => about_invitations(operation),
        "docsFile" => vec![Problem::NotFound],
        // Health has its own 503, and a document that is in the binary is always there.
        _ => Vec::new(),
    }
}

fn about_privacy(operation: &str) -> Vec<Problem> {
    let unavailable = || Problem::Unavailable { cause: String::new() };
    let invalid = |path, sentence: &str| Problem::Validation(Violations::of(path, sentence));
    match operation {
        "requestExport" => vec![Problem::ReauthenticationRequired, unavailable()],
        "readExport" => vec![Problem::ExportNotFound, unavailable()],
        "downloadExport" => vec![
            Problem::ReauthenticationRequired,
            Problem::ExportNotFound,
            unavailable(),
        ],
        "decideConsents" => vec![
            invalid("terms", "Terms of service must be accepted in version 2026-11"),
            unavailable(),
        ],
        _ => vec![unavailable()],
    }
}

fn about_invitations(operation: &str) -> Vec<Problem> {
    let unavailable = || Problem::Unavailable { cause: String::new() };
    let invalid = |path, sentence: &str| Problem::Validation(Violations::of(path, sentence));
    let by_token = || {
        let dead = DeadInvitation::ALL.iter().copied().map(Problem::DeadInvitation);
        dead.chain([invalid("token", "Token is required"), unavailable()])
    };
    match operation {
        "invite" => vec![
            invalid("invitations[0].email", "Invalid email address"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::EmailNotVerified,
            unavailable(),
        ],
        "listInvitations" => vec![
            invalid("limit", "Limit must be a number from 1 to 100"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "resendInvitation" => vec![
            Problem::TenantNotFound,
            Problem::InvitationNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::EmailNotVerified,
            Problem::InvitationSettled,
            Problem::AlreadyMember,
            unavailable(),
        ],
        "revokeInvitation" => vec![
            Problem::TenantNotFound,
            Problem::InvitationNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::InvitationSettled,
            unavailable(),
        ],
        "acceptInvitation" => by_token()
            .chain([
                Problem::SignInRequired,
                Problem::SecondFactorRequired,
                Problem::SignedInAsSomeoneElse,
                Problem::AlreadyMember,
                Problem::EmailTaken,
            ])
            .collect(),
        "showInvitation" => {
            // That it has expired is shown.
            let expired = |problem: &Problem| matches!(problem, Problem::DeadInvitation(DeadInvitation::Expired));
            let shown = by_token().filter(|problem| !expired(problem));
            shown.chain([Problem::SecondFactorRequired]).collect()
        }
        _ => by_token().collect(),
    }
}

fn about_tenants(operation: &str) -> Vec<Problem> {
    let unavailable = || Problem::Unavailable { cause: String::new() };
    let invalid = |path, sentence: &str| Problem::Validation(Violations::of(path, sentence));
    match operation {
        "foundTenant" => vec![
            invalid("name", "Name cannot be empty"),
            Problem::EmailNotVerified,
            unavailable(),
        ],
        "renameTenant" => vec![
            invalid("name", "Name cannot be empty"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "switchTenant" => vec![
            invalid("tenantId", "Tenant id is required"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "listMembers" => vec![
            invalid("limit", "Limit must be a number from 1 to 100"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "assignRoles" => vec![
            invalid("roles", "Role must be owner, admin, member, or viewer"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::LastOwner,
            unavailable(),
        ],
        "removeMember" => vec![
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::LastOwner,
            unavailable(),
        ],
        "readPolicy" => vec![
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            unavailable(),
        ],
        "changePolicy" => vec![
            invalid("passwordMinLength", "Minimum password length must be at least 8"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::PreconditionFailed,
            unavailable(),
        ],
        "transferOwnership" => vec![
            invalid("userId", "Must be another member"),
            Problem::TenantNotFound,
            Problem::ForbiddenRole,
            Problem::ReauthenticationRequired,
            Problem::UserNotFound,
            Problem::LastOwner,
            unavailable(),
        ],
        _ => vec![unavailable()],
    }
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

/// What all of them may refuse, and what each may besides.
fn about_staff(operation: &str) -> Vec<Problem> {
    let invalid = |path, sentence: &str| Problem::Validation(Violations::of(path, sentence));
    let mut problems = vec![
        Problem::NotFound,
        Problem::EmailNotVerified,
        Problem::SecondFactorNotShown,
        Problem::ReauthenticationRequired,
        Problem::Unavailable { cause: String::new() },
    ];
    problems.extend(match operation {
        "findUsers" | "findTenants" | "readStaffLog" => vec![invalid("limit", "Limit must be a number from 1 to 100")],
        "showTenant" => vec![invalid("reason", "Reason is too long"), Problem::TenantNotFound],
        "showUser" => vec![invalid("reason", "Reason is too long"), Problem::UserNotFound],
        changes => {
            let mut refused = vec![
                invalid("reason", "Reason is required"),
                Problem::UserNotFound,
                Problem::ForbiddenRole,
            ];
            refused.extend(match changes {
                "suspendUser" | "restoreUser" | "holdUser" => {
                    vec![Problem::ForbiddenOnOneself, Problem::StaffProtected]
                }
                "releaseUser" => vec![
                    Problem::ForbiddenOnOneself,
                    Problem::StaffProtected,
                    Problem::NotOnLegalHold,
                ],
                "eraseUser" => vec![
                    invalid("confirmation", "Confirmation must be the account's address or id"),
                    Problem::ForbiddenOnOneself,
                    Problem::StaffProtected,
                    Problem::OnLegalHold,
                    Problem::TenantsNeedOwner(vec![stake_in_the_way()]),
                ],
                "sendPasswordReset" => vec![Problem::AccountSuspended],
                "sendVerification" => vec![Problem::AccountSuspended, Problem::EmailAlreadyVerified],
                _ => Vec::new(),
            });
            refused
        }
    });
    problems
}

fn about_second_factors(operation: &str) -> Vec<Problem> {
    let unavailable = || Problem::Unavailable { cause: String::new() };
    let invalid = |path, sentence: &str| Problem::Validation(Violations::of(path, sentence));
    match operation {
        "proveSecondFactor" => vec![
            invalid("code", "Code must be 6 digits"),
            Problem::WrongSecondFactor,
            Problem::ChallengeEnded {
                cleared_cookie: HeaderValue::from_static(""),
            },
            unavailable(),
        ],
        "enrolTotp" => vec![
            Problem::ReauthenticationRequired,
            Problem::SecondFactorEnrolled,
            unavailable(),
        ],
        "confirmTotp" => vec![
            invalid("code", "Code must be 6 digits"),
            Problem::WrongCode,
            Problem::NoSecondFactor,
            unavailable(),
        ],
        "removeTotp" => vec![
            invalid("code", "Code must be 6 digits"),
            Problem::ReauthenticationRequired,
            Problem::WrongCode,
            Problem::NoSecondFactor,
            Problem::SecondFactorKept,
            unavailable(),
        ],
        "renewRecoveryCodes" => vec![
            Problem::ReauthenticationRequired,
            Problem::NoSecondFactor,
            unavailable(),
        ],
        "forgetTrustedDevice" => vec![Problem::TrustedDeviceNotFound, unavailable()],
        _ => Vec::new(),
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
