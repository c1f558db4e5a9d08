//! `POST /api/auth/invitations/show`, `…/accept`, `…/decline`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::{Joined, Joining};
use rookery_door::body::{AcceptInvitationBody, Body, MailedTokenBody};
use rookery_door::{CallerInfo, Counter, Door, HeldDevice, HeldToken, Perhaps, deed};

use crate::view::{self, AcceptedView, Answer, MessageView, ShownInvitationView};

/// Look at an invitation
///
/// For whoever has its token. What is told last is what leads into the tenant for who asks. Nothing is used up by it; one that has
/// expired is shown as such, and others that lead nowhere say why.
#[utoipa::path(
    post, path = "/api/auth/invitations/show", operation_id = "showInvitation", tag = "Invitations",
    request_body = MailedTokenBody,
    responses((status = 200, description = "The invitation", body = ShownInvitationView)),
)]
pub(crate) async fn show_invitation(
    body: Body,
    Perhaps(signed_in): Perhaps,
    counter: Counter,
    joining: Data<dyn Joining>,
) -> Answer {
    let token = body.parse::<MailedTokenBody>()?.meant()?;
    let shown = deed::show_invitation(&counter, joining.as_ref(), &token, signed_in).await?;
    view::ok(&ShownInvitationView::of(&shown))
}

/// Accept an invitation
///
/// Whoever is signed in with the invited address joins with that account; the session stays where it is, and
/// `POST /api/auth/switch-tenant` leads into the tenant. Whoever is not signed in and has no account sends a password along: the
/// account is made, its address is verified, and a session in the tenant begins. Whoever has an account signs in first
/// (`SIGN_IN_REQUIRED`). An account that somebody made with the address and never verified is emptied and handed over.
#[utoipa::path(
    post, path = "/api/auth/invitations/accept", operation_id = "acceptInvitation", tag = "Invitations",
    request_body = AcceptInvitationBody,
    responses(
        (status = 200, description = "They have joined", body = AcceptedView),
        (
            status = 201, description = "The account was made, and a session in the tenant has begun", body = AcceptedView,
            headers(("Set-Cookie" = String, description = "The session cookie; and the cookie by which this browser is known")),
        ),
    ),
)]
pub(crate) async fn accept_invitation(
    body: Body,
    Perhaps(signed_in): Perhaps,
    (HeldToken(held), HeldDevice(device)): (HeldToken, HeldDevice),
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    door: Data<Door>,
    joining: Data<dyn Joining>,
) -> Answer {
    let accept = body
        .parse::<AcceptInvitationBody>()?
        .meant(signed_in, held, device, caller)?;
    let joined = deed::accept_invitation(&counter, joining.as_ref(), accept).await?;
    let response = match &joined {
        Joined::Member(_) => HttpResponse::Ok(),
        Joined::Newcomer(_, logged_in) => {
            let mut response = HttpResponse::Created();
            response
                .append_header((SET_COOKIE, door.cookie.carrying(&logged_in.token, None, door.now())))
                .append_header((SET_COOKIE, door.cookie.knowing(&logged_in.device)));
            response
        }
    };
    view::json(response, &AcceptedView::of(&joined))
}

/// Decline an invitation
///
/// For whoever has its token. It leads nowhere from then on.
#[utoipa::path(
    post, path = "/api/auth/invitations/decline", operation_id = "declineInvitation", tag = "Invitations",
    request_body = MailedTokenBody,
    responses((
        status = 200, description = "The invitation is declined", body = MessageView,
        example = json!({"success": true, "message": "Invitation has been declined."}),
    )),
)]
pub(crate) async fn decline_invitation(
    body: Body,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    joining: Data<dyn Joining>,
) -> Answer {
    let token = body.parse::<MailedTokenBody>()?.meant()?;
    deed::decline_invitation(&counter, joining.as_ref(), &token, &caller).await?;
    view::ok(&MessageView::saying("Invitation has been declined."))
}
