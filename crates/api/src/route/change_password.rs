//! `POST /api/users/me/change-password`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::Passwords;

use crate::view::{self, Answer, MessageView};
use rookery_door::body::{Body, ChangePasswordBody};
use rookery_door::{Authenticated, CallerInfo, Door, HeldDevice};

/// Change the password
///
/// This session goes on under a new token, all others end, other browsers are no longer known, and the owner is told by
/// mail. Wrong current passwords are limited together with other proofs of who one is; the tenth in a row ends the session,
/// which is a 401.
#[utoipa::path(
    post, path = "/api/users/me/change-password", operation_id = "changePassword", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    request_body = ChangePasswordBody,
    responses((
        status = 200, description = "The password is changed", body = MessageView,
        headers(("Set-Cookie" = String, description = "The session cookie with the new token")),
        example = json!({"success": true, "message": "Password has been changed successfully."}),
    )),
)]
pub(crate) async fn change_password(
    Authenticated(signed_in): Authenticated,
    body: Body,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    passwords: Data<dyn Passwords>,
) -> Answer {
    let change = body
        .parse::<ChangePasswordBody>()?
        .meant(&door.password_policy, device, caller)?;
    let renewed = passwords.change(&signed_in, change).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((SET_COOKIE, door.renewing(&renewed)));
    view::json(
        response,
        &MessageView::saying("Password has been changed successfully."),
    )
}
