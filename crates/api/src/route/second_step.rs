//! `POST /api/auth/login/second-factor`

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::Authentication;

use super::log_in::signed_in;
use crate::view::{AccountView, Answer};
use rookery_door::body::{Body, Held, SecondStepBody};
use rookery_door::{CallerInfo, Door, HeldChallenge, HeldDevice, HeldToken, deed};

/// Show the second factor
///
/// The second step of a log-in that answered `mfaRequired`, within 10 minutes and 5 attempts, known by the cookie the first
/// step has set. Begins the session. With `trustDevice` this browser signs in without a second factor for 30 days, unless
/// the password or the factor changes.
///
/// Wrong codes are limited by person as well, whatever the log-in; a browser the person has signed in with has its own
/// count.
#[utoipa::path(
    post, path = "/api/auth/login/second-factor", operation_id = "proveSecondFactor", tag = "Sessions",
    request_body = SecondStepBody,
    responses((
        status = 200, description = "A session has begun", body = AccountView,
        headers(("Set-Cookie" = String, description = "The session cookie, with `Max-Age` only when remembered; the cookie by which this browser is known; and the cookie of the first step, cleared")),
    )),
)]
pub(crate) async fn prove_second_factor(
    HeldChallenge(challenge): HeldChallenge,
    body: Body,
    HeldToken(session): HeldToken,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    authentication: Data<dyn Authentication>,
) -> Answer {
    let held = Held {
        challenge: challenge.ok_or_else(|| deed::challenge_ended(&door))?,
        session,
        device,
    };
    let proved = body.parse::<SecondStepBody>()?.meant(held, caller)?;
    let logged_in = deed::prove_second_factor(&door, authentication.as_ref(), proved).await?;
    let mut response = signed_in(&door, &logged_in)?;
    response.headers_mut().append(SET_COOKIE, door.cookie.challenge_over());
    Ok(response)
}
