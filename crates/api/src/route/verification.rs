//! `POST /api/auth/verify-email` and `POST /api/auth/resend-verification`

use actix_web::web::Data;
use rookery_core::Verification;

use crate::view::{self, Answer, MessageView, VerifiedView};
use rookery_door::body::{AddressBody, Body, VerifyEmailBody};
use rookery_door::{CallerInfo, Counter, Door, deed};

/// Verify an address
///
/// Uses the mailed token up and verifies the address it was mailed to. Instead of the token, the code beside it may be shown with
/// the address; a mail takes five wrong ones, and a newer mail puts an end to the code of the one before.
#[utoipa::path(
    post, path = "/api/auth/verify-email", operation_id = "verifyEmail", tag = "Verification",
    request_body = VerifyEmailBody,
    responses((status = 200, description = "The address is verified", body = VerifiedView)),
)]
pub(crate) async fn verify_email(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    verification: Data<dyn Verification>,
) -> Answer {
    let proof = body.parse::<VerifyEmailBody>()?.meant()?;
    let email = deed::verify_email(&door, &counter, verification.as_ref(), &proof, &caller).await?;
    view::ok(&VerifiedView::of(
        &email,
        "Email address has been verified successfully.",
    ))
}

/// Ask for another verification mail
///
/// The answer is the same whether or not the address has an account that is not verified, and also when mail cannot be sent.
#[utoipa::path(
    post, path = "/api/auth/resend-verification", operation_id = "resendVerification", tag = "Verification",
    request_body = AddressBody,
    responses((
        status = 200, description = "A link is on its way, if there is such an account", body = MessageView,
        example = json!({"success": true, "message": "If an account with that email exists and is not verified yet, a verification link has been sent."}),
    )),
)]
pub(crate) async fn resend_verification(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    verification: Data<dyn Verification>,
) -> Answer {
    let email = body.parse::<AddressBody>()?.meant()?;
    deed::resend_verification(&door, &counter, verification.as_ref(), &email, &caller).await?;
    view::ok(&MessageView::saying(
        "If an account with that email exists and is not verified yet, a verification link has been sent.",
    ))
}
