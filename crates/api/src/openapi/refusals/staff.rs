//! What operations of the staff may refuse.

use rookery_door::Problem;

use super::{invalid, stake_in_the_way, unavailable};

/// What all of them may refuse, and what each may besides.
pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let own = match operation {
        "findUsers" | "findTenants" | "readStaffLog" => vec![invalid("limit", "Limit must be a number from 1 to 100")],
        "showTenant" => vec![invalid("reason", "Reason is too long"), Problem::TenantNotFound],
        "showUser" => vec![invalid("reason", "Reason is too long"), Problem::UserNotFound],
        "suspendUser" | "restoreUser" | "holdUser" => {
            of_a_change(vec![Problem::ForbiddenOnOneself, Problem::StaffProtected])
        }
        "releaseUser" => of_a_change(vec![
            Problem::ForbiddenOnOneself,
            Problem::StaffProtected,
            Problem::NotOnLegalHold,
        ]),
        "eraseUser" => of_a_change(vec![
            invalid("confirmation", "Confirmation must be the account's address or id"),
            Problem::ForbiddenOnOneself,
            Problem::StaffProtected,
            Problem::OnLegalHold,
            Problem::TenantsNeedOwner(vec![stake_in_the_way()]),
        ]),
        "endUserSessions" => of_a_change(Vec::new()),
        "sendPasswordReset" => of_a_change(vec![Problem::AccountSuspended]),
        "sendVerification" => of_a_change(vec![Problem::AccountSuspended, Problem::EmailAlreadyVerified]),
        _ => return None,
    };
    let mut problems = vec![
        Problem::NotFound,
        Problem::EmailNotVerified,
        Problem::SecondFactorNotShown,
        Problem::ReauthenticationRequired,
        unavailable(),
    ];
    problems.extend(own);
    Some(problems)
}

/// What every change to an account may refuse, and what this one may besides.
fn of_a_change(own: Vec<Problem>) -> Vec<Problem> {
    let mut problems = vec![
        invalid("reason", "Reason is required"),
        Problem::UserNotFound,
        Problem::ForbiddenRole,
    ];
    problems.extend(own);
    problems
}
