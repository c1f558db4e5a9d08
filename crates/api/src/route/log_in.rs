//! `POST /api/auth/login`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::Authentication;

use crate::body::{Body, LogInBody};
use crate::credentials::HeldToken;
use crate::door::Door;
use crate::gate::CallerInfo;
use crate::view::{self, AccountView, Answer};

/// Log in
///
/// Begins a session and sets its cookie. A session the browser held before ends. The answer to a wrong password and to an
/// unknown address is the same.
#[utoipa::path(
    post, path = "/api/auth/login", operation_id = "logIn", tag = "Sessions",
    request_body = LogInBody,
    responses((
        status = 200, description = "A session has begun", body = AccountView,
        headers(("Set-Cookie" = String, description = "The session cookie; with `Max-Age` only when remembered")),
    )),
)]
pub(crate) async fn log_in(
    body: Body,
    HeldToken(held): HeldToken,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    authentication: Data<dyn Authentication>,
) -> Answer {
    let log_in = body.parse::<LogInBody>()?.meant(held, caller)?;
    let logged_in = authentication.log_in(log_in).await?;
    let remembered_until = logged_in.remembered.then_some(logged_in.expires);
    let cookie = door.cookie.carrying(&logged_in.token, remembered_until, door.now());
    let mut response = HttpResponse::Ok();
    response.insert_header((SET_COOKIE, cookie));
    view::json(response, &AccountView::from(&logged_in))
}
