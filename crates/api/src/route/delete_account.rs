//! `DELETE /api/users/me`, `GET /api/users/me/deletion`, `POST /api/auth/cancel-deletion`

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, SET_COOKIE};
use actix_web::web::Data;
use rookery_core::Deletion;

use crate::view::{self, Answer, DeletionScheduledView, DeletionView, MessageView};
use rookery_door::body::{Body, DeleteAccountBody, MailedTokenBody};
use rookery_door::{Authenticated, CallerInfo, Counter, Door, deed};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Delete the account
///
/// The account waits for `deletionScheduledFor` (30 days unless the installation says otherwise) and is erased then. Every session,
/// known browser and mailed link ends at once, and the owner is told by mail, with a link that keeps the account; signing in before
/// that day keeps it, too. Whoever has a password shows it, and a code beside it if they have a second factor; whoever has none
/// proves who they are with `POST /api/auth/reauthenticate` in the 10 minutes before.
///
/// Whoever is the only owner of a tenant with other members hands it on first. Tenants that nobody else belongs to are closed with
/// the account, and erased with it, when `tenants` is `delete`. What stands in the way is listed in the 409 (`SOLE_OWNER`), and
/// beforehand in `GET /api/users/me/deletion`.
#[utoipa::path(
    delete, path = "/api/users/me", operation_id = "deleteAccount", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    request_body = DeleteAccountBody,
    responses((
        status = 202, description = "The account waits for its deletion, and nobody is signed in to it", body = DeletionScheduledView,
        headers(
            ("Set-Cookie" = String, description = "The session cookie, cleared"),
            ("Clear-Site-Data" = String, description = "Has the browser forget what this site stored"),
        ),
    )),
)]
pub(crate) async fn delete_account(
    Authenticated(signed_in): Authenticated,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    deletion: Data<dyn Deletion>,
) -> Answer {
    let request = body.parse::<DeleteAccountBody>()?.meant(caller)?;
    let scheduled = deletion.request(&signed_in, request).await?;
    let mut response = HttpResponse::Accepted();
    response
        .insert_header((SET_COOKIE, door.cookie.cleared()))
        .insert_header((CLEAR_SITE_DATA, "\"cache\",\"storage\""));
    view::json(response, &DeletionScheduledView::from(scheduled))
}

/// See what a deletion would mean
///
/// Changes nothing. `tenants` says for each tenant of the person what would become of it: `goesOn` without them, `needsOwner` first
/// because they are its only owner among others, `closes` because nobody else belongs to it. Members whose own account waits for
/// its deletion are not counted.
#[utoipa::path(
    get, path = "/api/users/me/deletion", operation_id = "deletionOutlook", tag = "Profile",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "What would happen, and how things stand", body = DeletionView)),
)]
pub(crate) async fn deletion_outlook(Authenticated(signed_in): Authenticated, deletion: Data<dyn Deletion>) -> Answer {
    let outlook = deletion.outlook(&signed_in).await?;
    view::ok(&DeletionView::of(&outlook))
}

/// Keep the account after all
///
/// Uses up the token of the mail about the deletion, good until the account is erased. Tenants that were closed with it are open
/// again. Nobody is signed in by it. Signing in keeps the account as well.
#[utoipa::path(
    post, path = "/api/auth/cancel-deletion", operation_id = "cancelDeletion", tag = "Recovery",
    request_body = MailedTokenBody,
    responses((
        status = 200, description = "The account is kept", body = MessageView,
        example = json!({"success": true, "message": "Your account is kept. You can sign in."}),
    )),
)]
pub(crate) async fn cancel_deletion(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    deletion: Data<dyn Deletion>,
) -> Answer {
    let token = body.parse::<MailedTokenBody>()?.meant()?;
    deed::keep_account(&counter, deletion.as_ref(), &token, &caller).await?;
    view::ok(&MessageView::saying("Your account is kept. You can sign in."))
}
