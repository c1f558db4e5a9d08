//! What operations on second factors may refuse.

use actix_web::http::header::HeaderValue;
use rookery_door::Problem;

use super::{invalid, unavailable};

pub(super) fn of(operation: &str) -> Option<Vec<Problem>> {
    let refused = match operation {
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
        "secondFactorStatus" | "forgetTrustedDevices" => vec![unavailable()],
        _ => return None,
    };
    Some(refused)
}
