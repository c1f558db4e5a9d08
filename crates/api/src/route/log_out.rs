//! `POST /api/auth/logout`

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, SET_COOKIE};
use actix_web::web::Data;
use rookery_core::{SessionError, Sessions};
use rookery_door::{CallerInfo, Counter, Door, HeldToken, Problem, unless_too_many};

use crate::view::{self, Answer, MessageView};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Log out
///
/// Ends the session on the server and takes the cookie away. Without a live session it is a 401, and the cookie goes all the
/// same. No body is needed.
#[utoipa::path(
    post, path = "/api/auth/logout", operation_id = "logOut", tag = "Sessions",
    security(("cookie" = []), ("bearer" = [])),
    responses((
        status = 200, description = "The session has ended", body = MessageView,
        headers(
            ("Set-Cookie" = String, description = "The session cookie, cleared"),
            ("Clear-Site-Data" = String, description = "Has the browser forget what this site stored"),
        ),
        example = json!({"success": true, "message": "Logged out successfully"}),
    )),
)]
pub(crate) async fn log_out(
    HeldToken(held): HeldToken,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    sessions: Data<dyn Sessions>,
) -> Answer {
    let cleared_cookie = door.cookie.cleared();
    let Some(token) = held else {
        return Err(unless_too_many(Problem::NothingToEnd { cleared_cookie }, &counter).await);
    };
    match sessions.log_out(&token, &caller).await {
        Ok(()) => signed_out(&door),
        Err(SessionError::NotSignedIn) => {
            Err(unless_too_many(Problem::NothingToEnd { cleared_cookie }, &counter).await)
        }
        Err(SessionError::Port(error)) => Err(error.into()),
    }
}

/// The answer to whoever has ended the session they asked with.
pub(super) fn signed_out(door: &Door) -> Answer {
    let mut response = HttpResponse::Ok();
    // Not "cookies": that would sign the person out of every sibling of this site as well.
    response
        .insert_header((SET_COOKIE, door.cookie.cleared()))
        .insert_header((CLEAR_SITE_DATA, "\"cache\",\"storage\""));
    view::json(response, &MessageView::saying("Logged out successfully"))
}
