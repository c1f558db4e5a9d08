//! What operations may refuse that people do with their own accounts.

use rookery_domain::Violations;
use rookery_door::Problem;

use super::{invalid, stake_in_the_way, unavailable};

pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let refused = match operation {
        "updateProfile" => vec![
            Problem::Validation(Violations::of_whole("At least one field must be provided for update")),
            Problem::UserNotFound,
            unavailable(),
        ],
        "showPicture" => vec![
            invalid("picture", "Picture must be a PNG, JPEG or WebP image"),
            Problem::UserNotFound,
            unavailable(),
        ],
        "removePicture" => vec![Problem::UserNotFound, unavailable()],
        "readPicture" => vec![Problem::PictureNotFound, unavailable()],
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
        "deleteAccount" => vec![
            invalid("confirmation", "Type DELETE to confirm"),
            Problem::WrongCurrentPassword,
            Problem::WrongCode,
            Problem::ReauthenticationRequired,
            Problem::SoleOwner(vec![stake_in_the_way()]),
            unavailable(),
        ],
        "readActivity" => vec![invalid("limit", "Limit must be a number from 1 to 100"), unavailable()],
        "readProfile" | "cancelEmailChange" | "deletionOutlook" => vec![unavailable()],
        _ => return None,
    };
    Some(refused)
}
