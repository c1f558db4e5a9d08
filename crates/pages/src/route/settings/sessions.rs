//! `/settings/security/sessions/end` and `/settings/security/sessions/end-others`

use actix_web::web::Data;
use rookery_core::{EndedSession, Sessions};
use rookery_domain::SessionId;
use rookery_door::{Answer, CallerInfo, Problem};

use super::security::PAGE;
use crate::note::Note;
use crate::posted::Posted;
use crate::route::log_out::signed_out;
use crate::visitor::Person;

/// Somebody ends one of their sessions; to end this one is to sign out.
pub(crate) async fn end(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    sessions: Data<dyn Sessions>,
    Posted(form): Posted,
) -> Answer {
    let named: SessionId = form.text("id").parse().map_err(|_| Problem::SessionNotFound)?;
    match sessions.end(&signed_in, &named, &caller).await? {
        EndedSession::Current => Ok(signed_out(&visitor)),
        EndedSession::Other => Ok(visitor.go_and_say(PAGE, Note::SessionEnded)),
    }
}

/// Somebody ends all the others.
pub(crate) async fn end_others(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    sessions: Data<dyn Sessions>,
    Posted(_): Posted,
) -> Answer {
    sessions.end_others(&signed_in, &caller).await?;
    Ok(visitor.go_and_say(PAGE, Note::OthersEnded))
}
