//! What operations on invitations may refuse.

use rookery_core::DeadInvitation;
use rookery_door::Problem;

use super::{invalid, unavailable};

pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let by_token = || {
        let dead = DeadInvitation::ALL.iter().copied().map(Problem::DeadInvitation);
        dead.chain([invalid("token", "Token is required"), unavailable()])
    };
    let refused = match operation {
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
        "declineInvitation" => by_token().collect(),
        _ => return None,
    };
    Some(refused)
}
