//! `POST /api/auth/undo`

use actix_web::web::Data;
use rookery_core::Restoration;

use crate::view::{self, Answer, MessageView};
use rookery_door::body::{Body, MailedTokenBody};
use rookery_door::{CallerInfo, Counter, deed};

/// Undo a change that somebody else made
///
/// Uses up the token of a mail about a changed password, address or second factor, or about a new device: good for 72 hours
/// after the change, whatever has been changed since. The account has the address and the second factors it had before that
/// change; everybody is signed out; no password opens it, and a mail to the restored address leads to a new one. Links of
/// mails about later changes are good for nothing afterwards.
#[utoipa::path(
    post, path = "/api/auth/undo", operation_id = "undoChange", tag = "Recovery",
    request_body = MailedTokenBody,
    responses((
        status = 200, description = "The account is as it was", body = MessageView,
        example = json!({"success": true, "message": "The change has been undone and everybody has been signed out. Please set a new password with the link that has been sent to you."}),
    )),
)]
pub(crate) async fn undo_change(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    restoration: Data<dyn Restoration>,
) -> Answer {
    let token = body.parse::<MailedTokenBody>()?.meant()?;
    deed::undo(&counter, restoration.as_ref(), &token, &caller).await?;
    view::ok(&MessageView::saying(
        "The change has been undone and everybody has been signed out. Please set a new password with the link that has \
         been sent to you.",
    ))
}
