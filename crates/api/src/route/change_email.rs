//! `POST` and `DELETE /api/users/me/change-email`, `POST /api/auth/confirm-email`

use actix_web::web::Data;
use rookery_core::Addresses;

use crate::view::{self, Answer, MessageView, VerifiedView};
use rookery_door::body::{Body, ChangeEmailBody, MailedTokenBody};
use rookery_door::{Authenticated, CallerInfo, Counter, deed};

/// Change the address
///
/// Mails a link to the new address, good for 24 hours and one use, and a notice to the old one. Until the link is used the
/// old address stays in use for everything; the profile shows the new one as `pendingEmail`. A newer wish replaces the
/// older. Where sign-up does not tell whether an address is taken, this does not either: whoever has it gets a mail.
#[utoipa::path(
    post, path = "/api/users/me/change-email", operation_id = "changeEmail", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    request_body = ChangeEmailBody,
    responses((
        status = 200, description = "The new address is asked to confirm", body = MessageView,
        example = json!({"success": true, "message": "Please confirm the new address with the link that has been sent to it."}),
    )),
)]
pub(crate) async fn change_email(
    Authenticated(signed_in): Authenticated,
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    addresses: Data<dyn Addresses>,
) -> Answer {
    let change = body.parse::<ChangeEmailBody>()?.meant(caller)?;
    deed::change_email(&counter, addresses.as_ref(), &signed_in, change).await?;
    view::ok(&MessageView::saying(
        "Please confirm the new address with the link that has been sent to it.",
    ))
}

/// Call a change of the address off
///
/// The link that was mailed is good for nothing afterwards. The answer is the same when no change was waiting.
#[utoipa::path(
    delete, path = "/api/users/me/change-email", operation_id = "cancelEmailChange", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    responses((
        status = 200, description = "No change is waiting", body = MessageView,
        example = json!({"success": true, "message": "The email address stays as it is."}),
    )),
)]
pub(crate) async fn cancel_email_change(
    Authenticated(signed_in): Authenticated,
    CallerInfo(caller): CallerInfo,
    addresses: Data<dyn Addresses>,
) -> Answer {
    addresses.cancel(&signed_in, &caller).await?;
    view::ok(&MessageView::saying("The email address stays as it is."))
}

/// Confirm a new address
///
/// Uses the mailed token up and changes the address. Every session ends but the one that asked, and so does every token
/// that was mailed to the old address, which gets a mail with a link to undo the change.
#[utoipa::path(
    post, path = "/api/auth/confirm-email", operation_id = "confirmEmail", tag = "Verification",
    request_body = MailedTokenBody,
    responses((status = 200, description = "The address is changed", body = VerifiedView)),
)]
pub(crate) async fn confirm_email(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    addresses: Data<dyn Addresses>,
) -> Answer {
    let token = body.parse::<MailedTokenBody>()?.meant()?;
    let email = deed::confirm_email(&counter, addresses.as_ref(), &token, &caller).await?;
    view::ok(&VerifiedView::of(
        &email,
        "Email address has been changed successfully.",
    ))
}
