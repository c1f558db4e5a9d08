//! `POST /api/auth/forgot-password` and `POST /api/auth/reset-password`

use actix_web::web::Data;
use rookery_core::Recovery;

use crate::view::{self, Answer, MessageView};
use rookery_door::body::{AddressBody, Body, ResetPasswordBody};
use rookery_door::{CallerInfo, Counter, Door, deed};

/// Ask for a reset mail
///
/// Mails a link that is good for one hour and one use. The answer is the same whether or not the address has an account,
/// and also when mail cannot be sent.
#[utoipa::path(
    post, path = "/api/auth/forgot-password", operation_id = "forgotPassword", tag = "Recovery",
    request_body = AddressBody,
    responses((
        status = 200, description = "A link is on its way, if there is such an account", body = MessageView,
        example = json!({"success": true, "message": "If an account with that email exists, a password reset link has been sent."}),
    )),
)]
pub(crate) async fn forgot_password(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    recovery: Data<dyn Recovery>,
) -> Answer {
    let email = body.parse::<AddressBody>()?.meant()?;
    deed::ask_for_reset(&door, &counter, recovery.as_ref(), &email, &caller).await?;
    view::ok(&MessageView::saying(
        "If an account with that email exists, a password reset link has been sent.",
    ))
}

/// Reset the password
///
/// Uses the mailed token up, sets the password and ends every session of the person. Nobody is signed in by it. A password
/// that is not acceptable leaves the token as good as it was. Instead of the token, the code beside it may be shown with the
/// address; a mail takes five wrong ones.
#[utoipa::path(
    post, path = "/api/auth/reset-password", operation_id = "resetPassword", tag = "Recovery",
    request_body = ResetPasswordBody,
    responses((
        status = 200, description = "The password is set", body = MessageView,
        example = json!({"success": true, "message": "Password has been reset successfully. You can now log in with your new password."}),
    )),
)]
pub(crate) async fn reset_password(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    recovery: Data<dyn Recovery>,
) -> Answer {
    let reset = body
        .parse::<ResetPasswordBody>()?
        .meant(&door.password_policy, caller)?;
    deed::reset_password(&door, &counter, recovery.as_ref(), reset).await?;
    view::ok(&MessageView::saying(
        "Password has been reset successfully. You can now log in with your new password.",
    ))
}
