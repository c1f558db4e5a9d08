//! `POST /api/auth/unlock`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::{Unlock, Unlocking};

use crate::view::{self, Answer, MessageView};
use rookery_door::body::{Body, MailedTokenBody};
use rookery_door::{CallerInfo, Counter, Door, HeldDevice, deed};

/// Lift a lock
///
/// Uses up the token of the mail about failed sign-ins. New devices may sign in again, and this browser is known from now
/// on, so that nobody can lock it out. Nobody is signed in by it.
#[utoipa::path(
    post, path = "/api/auth/unlock", operation_id = "unlock", tag = "Recovery",
    request_body = MailedTokenBody,
    responses((
        status = 200, description = "The lock is lifted", body = MessageView,
        headers(("Set-Cookie" = String, description = "The cookie by which this browser is known")),
        example = json!({"success": true, "message": "The lock has been lifted. You can log in now."}),
    )),
)]
pub(crate) async fn unlock(
    body: Body,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    unlocking: Data<dyn Unlocking>,
) -> Answer {
    let token = body.parse::<MailedTokenBody>()?.meant()?;
    let unlock = Unlock { token, device, caller };
    let unlocked = deed::unlock(&counter, unlocking.as_ref(), unlock).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((SET_COOKIE, door.cookie.knowing(&unlocked.device)));
    view::json(
        response,
        &MessageView::saying("The lock has been lifted. You can log in now."),
    )
}
