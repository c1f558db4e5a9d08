//! `POST /api/auth/reauthenticate`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::Reauthentication;

use crate::view::{self, Answer, DoneView};
use rookery_door::body::{Body, ReauthenticateBody};
use rookery_door::{CallerInfo, Door, HeldToken, Identified};

/// Prove again who you are
///
/// What is sensitive, such as ending other sessions, needs a proof younger than 10 minutes and is otherwise refused with
/// `REAUTHENTICATION_REQUIRED`. A right proof renews the session: it goes on under a new token, and the one that was held
/// opens nothing any more. Wrong proofs are limited together with wrong current passwords elsewhere; the tenth in a row ends
/// the session, which is a 401.
#[utoipa::path(
    post, path = "/api/auth/reauthenticate", operation_id = "reauthenticate", tag = "Sessions",
    security(("cookie" = []), ("bearer" = [])),
    request_body = ReauthenticateBody,
    responses((
        status = 200, description = "The session is fresh", body = DoneView,
        headers(("Set-Cookie" = String, description = "The session cookie with the new token")),
    )),
)]
pub(crate) async fn reauthenticate(
    Identified(signed_in): Identified,
    held: HeldToken,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    reauthentication: Data<dyn Reauthentication>,
) -> Answer {
    let proof = body.parse::<ReauthenticateBody>()?.meant(held.needed()?, caller)?;
    let renewed = reauthentication.prove(&signed_in, proof).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((SET_COOKIE, door.renewing(&renewed)));
    view::json(response, &DoneView::default())
}
