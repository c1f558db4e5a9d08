//! `/api/users/me/mfa` and what is below it: a person's own second factor.

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use rookery_core::{RenewedSession, SecondFactors};
use rookery_domain::DeviceId;

use crate::view::{self, Answer, EnrolmentView, MessageView, RecoveryCodesView, SecondFactorStatusView};
use rookery_door::body::{Body, FactorProofBody, FirstCodeBody};
use rookery_door::{Authenticated, CallerInfo, Door, HeldToken, Identified, Problem};

/// See how one stands with second factors
///
/// The app, how many recovery codes are left, and the browsers that are trusted to do without. Never a secret.
#[utoipa::path(
    get, path = "/api/users/me/mfa", operation_id = "secondFactorStatus", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "How things stand", body = SecondFactorStatusView)),
)]
pub(crate) async fn second_factor_status(
    Identified(signed_in): Identified,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    view::ok(&SecondFactorStatusView::of(&factors.status(&signed_in).await?))
}

/// Set up an authenticator app
///
/// Gives a secret for an app (RFC 6238: SHA-1, 6 digits, 30 seconds), once. Nothing counts before its first code is
/// confirmed, which may take an hour; a secret given before is void. Needs a proof younger than 10 minutes. No body is
/// needed.
#[utoipa::path(
    post, path = "/api/users/me/mfa/totp", operation_id = "enrolTotp", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 201, description = "The secret", body = EnrolmentView)),
)]
pub(crate) async fn enrol_totp(
    Identified(signed_in): Identified,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    let enrolment = factors.enrol(&signed_in, &caller).await?;
    view::created(&EnrolmentView::of(&enrolment))
}

/// Confirm the app
///
/// With its first code it counts: every sign-in asks for it from now on. Gives ten recovery codes, once. This session goes
/// on under a new token as one with a second factor, all others end, and the owner is told by mail.
#[utoipa::path(
    post, path = "/api/users/me/mfa/totp/confirm", operation_id = "confirmTotp", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    request_body = FirstCodeBody,
    responses((
        status = 200, description = "It counts; the recovery codes", body = RecoveryCodesView,
        headers(("Set-Cookie" = String, description = "The session cookie with the new token")),
    )),
)]
pub(crate) async fn confirm_totp(
    Identified(signed_in): Identified,
    held: HeldToken,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    let code = body.parse::<FirstCodeBody>()?.meant()?;
    let enrolled = factors.confirm(&signed_in, &held.needed()?, code, &caller).await?;
    view::json(
        renewing(&door, &enrolled.session),
        &RecoveryCodesView::of(&enrolled.codes),
    )
}

/// Take the app away
///
/// Needs one of its codes or a recovery code, and a proof younger than 10 minutes. The recovery codes go with it. This
/// session goes on under a new token, all others end, and the owner is told by mail.
#[utoipa::path(
    delete, path = "/api/users/me/mfa/totp", operation_id = "removeTotp", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    request_body = FactorProofBody,
    responses((
        status = 200, description = "It is gone", body = MessageView,
        headers(("Set-Cookie" = String, description = "The session cookie with the new token")),
        example = json!({"success": true, "message": "Second factor has been removed."}),
    )),
)]
pub(crate) async fn remove_totp(
    Authenticated(signed_in): Authenticated,
    held: HeldToken,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    let proof = body.parse::<FactorProofBody>()?.meant()?;
    let session = factors.remove(&signed_in, &held.needed()?, proof, &caller).await?;
    view::json(
        renewing(&door, &session),
        &MessageView::saying("Second factor has been removed."),
    )
}

/// Make new recovery codes
///
/// Gives ten, once; the old ones are worth nothing any more. Needs a proof younger than 10 minutes; the owner is told by
/// mail. No body is needed.
#[utoipa::path(
    post, path = "/api/users/me/mfa/recovery-codes", operation_id = "renewRecoveryCodes", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The recovery codes", body = RecoveryCodesView)),
)]
pub(crate) async fn renew_recovery_codes(
    Authenticated(signed_in): Authenticated,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    let codes = factors.renew_codes(&signed_in, &caller).await?;
    view::ok(&RecoveryCodesView::of(&codes))
}

/// Trust no browser any more
///
/// Every browser signs in with the second factor again.
#[utoipa::path(
    delete, path = "/api/users/me/mfa/trusted-devices", operation_id = "forgetTrustedDevices", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    responses((
        status = 200, description = "None is trusted", body = MessageView,
        example = json!({"success": true, "message": "No browser is trusted any more."}),
    )),
)]
pub(crate) async fn forget_trusted_devices(
    Authenticated(signed_in): Authenticated,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    factors.forget_devices(&signed_in, None, &caller).await?;
    view::ok(&MessageView::saying("No browser is trusted any more."))
}

/// Trust a browser no more
///
/// It signs in with the second factor again. What is not a trusted browser of the signed-in person is a 404.
#[utoipa::path(
    delete, path = "/api/users/me/mfa/trusted-devices/{id}", operation_id = "forgetTrustedDevice", tag = "Second factor",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The browser's id, out of the status")),
    responses((
        status = 200, description = "It is not trusted", body = MessageView,
        example = json!({"success": true, "message": "The browser is not trusted any more."}),
    )),
)]
pub(crate) async fn forget_trusted_device(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    let id = request.match_info().get("id").unwrap_or_default();
    let device: DeviceId = id.parse().map_err(|_| Problem::TrustedDeviceNotFound)?;
    factors.forget_devices(&signed_in, Some(device), &caller).await?;
    view::ok(&MessageView::saying("The browser is not trusted any more."))
}

fn renewing(door: &Door, session: &RenewedSession) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((SET_COOKIE, door.renewing(session)));
    response
}
