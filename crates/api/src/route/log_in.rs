//! `POST /api/auth/login`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::{Authentication, LogInOutcome, LoggedIn};

use crate::view::{self, AccountView, Answer, LogInView, SecondFactorRequiredView};
use rookery_door::body::{Body, LogInBody};
use rookery_door::{CallerInfo, Door, HeldDevice, HeldToken, deed};

/// Log in
///
/// Begins a session and sets its cookie. A session the browser held before ends. The answer to a wrong password and to an
/// unknown address is the same.
///
/// Failures are limited: from a browser that the person has signed in with (it is known by a second cookie) by browser,
/// from all others by network and by address. Too many on one address lock it for unknown browsers for a while, whether or
/// not it has an account; its owner gets a mail with a link that lifts the lock.
#[utoipa::path(
    post, path = "/api/auth/login", operation_id = "logIn", tag = "Sessions",
    request_body = LogInBody,
    responses((
        status = 200, description = "A session has begun, or waits for a second factor", body = LogInView,
        headers(("Set-Cookie" = String, description = "The session cookie, with `Max-Age` only when remembered, and the cookie by which this browser is known; or the one by which the second step is known")),
    )),
)]
pub(crate) async fn log_in(
    body: Body,
    HeldToken(held): HeldToken,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    authentication: Data<dyn Authentication>,
) -> Answer {
    let log_in = body.parse::<LogInBody>()?.meant(held, device, caller)?;
    match deed::log_in(&door, authentication.as_ref(), log_in).await? {
        LogInOutcome::LoggedIn(logged_in) => signed_in(&door, &logged_in),
        LogInOutcome::SecondFactorRequired(required) => {
            let mut response = HttpResponse::Ok();
            response.insert_header((SET_COOKIE, door.cookie.challenging(&required, door.now())));
            view::json(response, &LogInView::Waiting(SecondFactorRequiredView::of(&required)))
        }
    }
}

/// The answer to whoever has a session from now on.
pub(super) fn signed_in(door: &Door, logged_in: &LoggedIn) -> Answer {
    let remembered_until = logged_in.remembered.then_some(logged_in.expires);
    let cookie = door.cookie.carrying(&logged_in.token, remembered_until, door.now());
    let mut response = HttpResponse::Ok();
    response
        .append_header((SET_COOKIE, cookie))
        .append_header((SET_COOKIE, door.cookie.knowing(&logged_in.device)));
    view::json(response, &LogInView::Begun(AccountView::from(logged_in)))
}
