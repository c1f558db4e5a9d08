//! `GET /api/auth/sessions`, `DELETE /api/auth/sessions/{id}`, `POST /api/auth/sessions/revoke-others`

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::{EndedSession, Sessions};
use rookery_domain::SessionId;
use rookery_door::{Authenticated, CallerInfo, Door, Problem};

use super::log_out::signed_out;
use crate::view::{self, Answer, EndedSessionsView, MessageView, SessionListView};

/// List one's sessions
///
/// All live sessions of the signed-in person, at most 50, the most recently used first.
#[utoipa::path(
    get, path = "/api/auth/sessions", operation_id = "listSessions", tag = "Sessions",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The sessions", body = SessionListView)),
)]
pub(crate) async fn list_sessions(Authenticated(signed_in): Authenticated, sessions: Data<dyn Sessions>) -> Answer {
    let listed = sessions.list(&signed_in).await?;
    view::ok(&SessionListView::of(&listed, signed_in.session.id))
}

/// End a session
///
/// Ends one of one's own sessions, on every node with its next request. To end another one than the one that asks needs a
/// proof younger than 10 minutes; to end this one is to log out, and takes the cookie away. What is not a live session of
/// the signed-in person is a 404, whoever else it may belong to.
#[utoipa::path(
    delete, path = "/api/auth/sessions/{id}", operation_id = "endSession", tag = "Sessions",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The session's id, out of the list")),
    responses((
        status = 200, description = "The session has ended", body = MessageView,
        headers(
            ("Set-Cookie" = String, description = "The session cookie, cleared, when it was this session"),
            ("Clear-Site-Data" = String, description = "Has the browser forget what this site stored, when it was this session"),
        ),
        example = json!({"success": true, "message": "Session has been ended."}),
    )),
)]
pub(crate) async fn end_session(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    sessions: Data<dyn Sessions>,
) -> Answer {
    let named = named(&request)?;
    match sessions.end(&signed_in, &named, &caller).await? {
        EndedSession::Current => signed_out(&door),
        EndedSession::Other => view::json(HttpResponse::Ok(), &MessageView::saying("Session has been ended.")),
    }
}

/// End all other sessions
///
/// Ends every session of the signed-in person but the one that asks, and says how many those were. Needs a proof younger
/// than 10 minutes. No body is needed.
#[utoipa::path(
    post, path = "/api/auth/sessions/revoke-others", operation_id = "endOtherSessions", tag = "Sessions",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "They have ended", body = EndedSessionsView)),
)]
pub(crate) async fn end_other_sessions(
    Authenticated(signed_in): Authenticated,
    CallerInfo(caller): CallerInfo,
    sessions: Data<dyn Sessions>,
) -> Answer {
    let ended = sessions.end_others(&signed_in, &caller).await?;
    view::ok(&EndedSessionsView::of(ended))
}

/// The session a path names. What is no id names none.
fn named(request: &HttpRequest) -> Result<SessionId, Problem> {
    let id = request.match_info().get("id").unwrap_or_default();
    id.parse().map_err(|_| Problem::SessionNotFound)
}
