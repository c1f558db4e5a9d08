//! `GET /api/auth/session`

use actix_web::web::Data;
use rookery_core::Consents;
use rookery_door::{Door, Identified};

use crate::view::{self, Answer, SessionView};

/// Check the session
///
/// Who is signed in, on what session, working in which tenant: what another backend asks before it trusts a cookie.
#[utoipa::path(
    get, path = "/api/auth/session", operation_id = "currentSession", tag = "Sessions",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The session is live", body = SessionView)),
)]
pub(crate) async fn current_session(
    Identified(signed_in): Identified,
    door: Data<Door>,
    consents: Data<dyn Consents>,
) -> Answer {
    let due = consents.due(&signed_in).await?;
    view::ok(&SessionView::of(&signed_in, &due, door.now()))
}
