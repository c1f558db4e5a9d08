//! `GET` and `POST /api/users/me/consents`

use actix_web::web::Data;
use rookery_core::Consents;
use rookery_door::body::{Body, ConsentsBody};
use rookery_door::{Authenticated, CallerInfo, Door};

use crate::view::{self, Answer, ConsentStateView};

/// Read what one has agreed to
///
/// The documents as they are now, what the signed-in person has decided on each and on marketing, and their last hundred
/// decisions, the newest first.
#[utoipa::path(
    get, path = "/api/users/me/consents", operation_id = "readConsents", tag = "Privacy",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "What holds", body = ConsentStateView)),
)]
pub(crate) async fn read_consents(Authenticated(signed_in): Authenticated, consents: Data<dyn Consents>) -> Answer {
    let state = consents.state(&signed_in).await?;
    view::ok(&ConsentStateView::of(&state))
}

/// Agree to something, or take it back
///
/// A document is accepted in its current version and no other. Marketing is a choice that is taken back as it is given; it is the
/// preference `marketingEmails`. What is left out stays as it is. Each decision is written down with its time, version, language
/// and door, and stays.
#[utoipa::path(
    post, path = "/api/users/me/consents", operation_id = "decideConsents", tag = "Privacy",
    security(("cookie" = []), ("bearer" = [])),
    request_body = ConsentsBody,
    responses((status = 200, description = "What holds now", body = ConsentStateView)),
)]
pub(crate) async fn decide_consents(
    Authenticated(signed_in): Authenticated,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    consents: Data<dyn Consents>,
) -> Answer {
    let choice = body.parse::<ConsentsBody>()?.meant(&door.documents)?;
    let state = consents.decide(&signed_in, choice, &caller).await?;
    view::ok(&ConsentStateView::of(&state))
}
