//! `/api/admin/users/{id}/…`: what staff do.

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_core::{Intervened, Intervention, Oversight};
use rookery_door::body::{Body, EraseBody, ReasonBody};
use rookery_door::{Problem, StaffOnly};

use super::staff::whom;
use crate::view::{self, Answer, EndedSessionsView, ErasedView, MessageView};

/// Suspend an account
///
/// Every session ends, on every node, and every sign-in is answered as a wrong password is, until the account is restored. Nothing
/// is lost. Not one's own, and not one of staff of the same or a higher role. Needs a proof younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/suspend", operation_id = "suspendUser", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((
        status = 200, description = "The account is shut", body = EndedSessionsView,
        example = json!({"success": true, "ended": 2}),
    )),
)]
pub(crate) async fn suspend_user(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    let done = change(&staff, &request, &body, oversight.as_ref(), Intervention::Suspend).await?;
    view::ok(&EndedSessionsView::of(done.sessions))
}

/// Restore an account
///
/// Signing in works again, with everything as it was but the sessions. Needs a proof younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/restore", operation_id = "restoreUser", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((
        status = 200, description = "The account is open", body = MessageView,
        example = json!({"success": true, "message": "The account has been restored."}),
    )),
)]
pub(crate) async fn restore_user(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    change(&staff, &request, &body, oversight.as_ref(), Intervention::Restore).await?;
    view::ok(&MessageView::saying("The account has been restored."))
}

/// Put an account on legal hold
///
/// It is not erased, by nobody, and nothing of it is swept away, until it is released. The person is not told. An account that is held
/// gets the new reason, which is shown to staff. Not one's own, and not one of staff of the same or a higher role. Needs a proof younger
/// than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/hold", operation_id = "holdUser", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((
        status = 200, description = "The account is on hold", body = MessageView,
        example = json!({"success": true, "message": "The account is on legal hold."}),
    )),
)]
pub(crate) async fn hold_user(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    change(&staff, &request, &body, oversight.as_ref(), Intervention::Hold).await?;
    view::ok(&MessageView::saying("The account is on legal hold."))
}

/// Release an account from legal hold
///
/// What has run out meanwhile goes with the next round. Needs a proof younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/release", operation_id = "releaseUser", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((
        status = 200, description = "The account is on hold no more", body = MessageView,
        example = json!({"success": true, "message": "The account has been released."}),
    )),
)]
pub(crate) async fn release_user(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    change(&staff, &request, &body, oversight.as_ref(), Intervention::Release).await?;
    view::ok(&MessageView::saying("The account has been released."))
}

/// Erase an account
///
/// At once and for good, whatever waits; tenants that nobody else stays in go with it, and those that others would be left in without an
/// owner are listed in the 409. Its owner gets a last mail. Not one's own, not one of staff of the same or a higher role, and none on legal
/// hold. Needs a proof younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/erase", operation_id = "eraseUser", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = EraseBody,
    responses((status = 200, description = "The account is gone", body = ErasedView)),
)]
pub(crate) async fn erase_user(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    let (confirmation, why) = body.parse::<EraseBody>()?.meant()?;
    let whom = whom(&request)?;
    let done = oversight
        .erase(&staff.overseer, &whom, &confirmation, Some(why))
        .await?;
    view::ok(&ErasedView::of(&done))
}

/// End all sessions of somebody
///
/// On every node with their next request. They get a mail, if there were any. Needs a proof younger than 10 minutes.
#[utoipa::path(
    delete, path = "/api/admin/users/{id}/sessions", operation_id = "endUserSessions", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((status = 200, description = "They are signed out everywhere", body = EndedSessionsView)),
)]
pub(crate) async fn end_user_sessions(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    let done = change(&staff, &request, &body, oversight.as_ref(), Intervention::EndSessions).await?;
    view::ok(&EndedSessionsView::of(done.sessions))
}

/// Send somebody a mail to reset their password
///
/// The mail they would get if they asked for it; a newer link voids the older. Needs a proof younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/send-password-reset", operation_id = "sendPasswordReset", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((
        status = 200, description = "The mail is on its way", body = MessageView,
        example = json!({"success": true, "message": "The mail is on its way."}),
    )),
)]
pub(crate) async fn send_password_reset(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    change(
        &staff,
        &request,
        &body,
        oversight.as_ref(),
        Intervention::SendPasswordReset,
    )
    .await?;
    view::ok(&MessageView::saying("The mail is on its way."))
}

/// Send somebody the mail that verifies their address
///
/// For an address that is not verified yet. Needs a proof younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/send-verification", operation_id = "sendVerification", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The person's id")),
    request_body = ReasonBody,
    responses((
        status = 200, description = "The mail is on its way", body = MessageView,
        example = json!({"success": true, "message": "The mail is on its way."}),
    )),
)]
pub(crate) async fn send_verification(
    staff: StaffOnly,
    request: HttpRequest,
    body: Body,
    oversight: Data<dyn Oversight>,
) -> Answer {
    change(
        &staff,
        &request,
        &body,
        oversight.as_ref(),
        Intervention::SendVerification,
    )
    .await?;
    view::ok(&MessageView::saying("The mail is on its way."))
}

/// What all changes to an account have in common: whom, what, why.
async fn change(
    staff: &StaffOnly,
    request: &HttpRequest,
    body: &Body,
    oversight: &dyn Oversight,
    what: Intervention,
) -> Result<Intervened, Problem> {
    let why = body.parse::<ReasonBody>()?.meant()?;
    let whom = whom(request)?;
    Ok(oversight.intervene(&staff.overseer, &whom, what, Some(why)).await?)
}
