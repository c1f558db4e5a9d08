//! `/logout`

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, SET_COOKIE};
use actix_web::web::Data;
use rookery_core::{SessionError, Sessions};
use rookery_door::{Answer, CallerInfo, Counter, HeldToken, Problem, unless_too_many};

use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::Visitor;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Whoever opens it wants out, and a link may not do that: the settings have the button.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    Ok(visitor.go_to("/"))
}

/// Somebody leaves. Whoever has left already is where they wanted to be.
pub(crate) async fn act(
    visitor: Visitor,
    HeldToken(held): HeldToken,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    sessions: Data<dyn Sessions>,
    Posted(_): Posted,
) -> Answer {
    let ended = match held {
        Some(token) => sessions.log_out(&token, &caller).await,
        None => Err(SessionError::NotSignedIn),
    };
    match ended {
        Ok(()) => Ok(signed_out(&visitor)),
        Err(SessionError::NotSignedIn) => {
            let cleared_cookie = visitor.door.cookie.cleared();
            Err(unless_too_many(Problem::NothingToEnd { cleared_cookie }, &counter).await)
        }
        Err(SessionError::Port(error)) => Err(error.into()),
    }
}

/// To the sign-in, without the session and without what the browser kept of it.
pub(super) fn signed_out(visitor: &Visitor) -> HttpResponse {
    let mut response = visitor.go_and_say("/login", Note::LoggedOut);
    let headers = response.headers_mut();
    headers.append(SET_COOKIE, visitor.door.cookie.cleared());
    // Not "cookies": that would sign the person out of every sibling of this site as well.
    headers.insert(
        CLEAR_SITE_DATA,
        actix_web::http::header::HeaderValue::from_static("\"cache\",\"storage\""),
    );
    response
}
