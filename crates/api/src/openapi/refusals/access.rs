//! What operations may refuse by which people get in, and back in, and out.

use rookery_door::Problem;

use super::{invalid, unavailable};

pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let refused = match operation {
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
        "changePassword" => vec![
            invalid("newPassword", "New password must be different from current password"),
            Problem::WrongCurrentPassword,
            unavailable(),
        ],
        "reauthenticate" => vec![
            invalid("password", "Password is required"),
            Problem::WrongProof,
            unavailable(),
        ],
        "endSession" => vec![
            Problem::ReauthenticationRequired,
            Problem::SessionNotFound,
            unavailable(),
        ],
        "endOtherSessions" => vec![Problem::ReauthenticationRequired, unavailable()],
        "unlock" | "undoChange" | "cancelDeletion" => vec![
            invalid("token", "Token is required"),
            Problem::InvalidMailedToken,
            unavailable(),
        ],
        "logOut" | "currentSession" | "listSessions" => vec![unavailable()],
        _ => return None,
    };
    Some(refused)
}
