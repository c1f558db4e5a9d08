//! `GET`, `POST /api/tenants/{tenantId}/invitations`, `DELETE /api/tenants/{tenantId}/invitations/{invitationId}`,
//! `POST /api/tenants/{tenantId}/invitations/{invitationId}/resend`

use actix_web::http::header::LINK;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::Invitations;
use rookery_domain::InvitationId;
use rookery_door::body::{Body, InviteBody};
use rookery_door::query::{Query, cursor_at_invitation, invitation_filter};
use rookery_door::{Authenticated, CallerInfo, Door, Problem};

use super::tenants::tenant;
use crate::view::{self, Answer, InvitationPageView, InvitationView, InvitedListView, MessageView};

/// Invite people
///
/// Mails each of them a link with which they join the tenant, with an account or without. For owners and admins whose address is
/// verified; only owners invite owners, with a proof younger than 10 minutes. What became of each is told in their order, and the
/// answer is the same whether or not an address has an account.
#[utoipa::path(
    post, path = "/api/tenants/{tenantId}/invitations", operation_id = "invite", tag = "Invitations",
    security(("cookie" = []), ("bearer" = [])),
    params(("tenantId" = String, Path, description = "The tenant's id")),
    request_body = InviteBody,
    responses((status = 200, description = "What became of each", body = InvitedListView)),
)]
pub(crate) async fn invite(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    body: Body,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    invitations: Data<dyn Invitations>,
) -> Answer {
    let drafts = body.parse::<InviteBody>()?.meant()?;
    let invited = invitations
        .invite(&signed_in, &tenant(&request)?, drafts, &caller)
        .await?;
    view::ok(&InvitedListView::of(&invited, door.now()))
}

/// List the invitations of a tenant
///
/// Those that were answered, taken back or have expired stay for 30 days. The newest come first; behind each page stands a cursor for
/// the next.
#[utoipa::path(
    get, path = "/api/tenants/{tenantId}/invitations", operation_id = "listInvitations", tag = "Invitations",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("state" = Option<String>, Query, description = "`pending` (void ones included), `expired`, `accepted`, `declined` or `revoked`"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
    ),
    responses((
        status = 200, description = "The invitations", body = InvitationPageView,
        headers(("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last")),
    )),
)]
pub(crate) async fn list_invitations(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    door: Data<Door>,
    invitations: Data<dyn Invitations>,
) -> Answer {
    let query = Query::of(&request);
    let filter = invitation_filter(&query)?;
    let page = invitations.list(&signed_in, &tenant(&request)?, filter).await?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = &page.next {
        let next = query.with_cursor(&cursor_at_invitation(next));
        response.insert_header((LINK, format!("<?{next}>; rel=\"next\"")));
    }
    view::json(response, &InvitationPageView::of(&page, door.now()))
}

/// Mail an invitation again
///
/// With a new link that lives for seven days; the old one is void. Whoever asks stands for the invitation from now on; for that of an
/// owner they need a proof younger than 10 minutes. No body is needed.
#[utoipa::path(
    post, path = "/api/tenants/{tenantId}/invitations/{invitationId}/resend", operation_id = "resendInvitation",
    tag = "Invitations", security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("invitationId" = String, Path, description = "The invitation's id"),
    ),
    responses((status = 200, description = "The mail is on its way", body = InvitationView)),
)]
pub(crate) async fn resend_invitation(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    invitations: Data<dyn Invitations>,
) -> Answer {
    let (tenant, invitation) = (tenant(&request)?, invitation(&request)?);
    let invitation = invitations.resend(&signed_in, &tenant, &invitation, &caller).await?;
    view::ok(&InvitationView::of(&invitation, door.now()))
}

/// Take an invitation back
///
/// Its link leads nowhere from then on. No body is needed.
#[utoipa::path(
    delete, path = "/api/tenants/{tenantId}/invitations/{invitationId}", operation_id = "revokeInvitation",
    tag = "Invitations", security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("invitationId" = String, Path, description = "The invitation's id"),
    ),
    responses((
        status = 200, description = "The invitation is taken back", body = MessageView,
        example = json!({"success": true, "message": "Invitation has been taken back."}),
    )),
)]
pub(crate) async fn revoke_invitation(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    invitations: Data<dyn Invitations>,
) -> Answer {
    let (tenant, invitation) = (tenant(&request)?, invitation(&request)?);
    invitations.revoke(&signed_in, &tenant, &invitation, &caller).await?;
    view::ok(&MessageView::saying("Invitation has been taken back."))
}

/// The invitation a path names. What is no id names none, like an id nobody has.
fn invitation(request: &HttpRequest) -> Result<InvitationId, Problem> {
    let id = request.match_info().get("invitationId").unwrap_or_default();
    id.parse().map_err(|_| Problem::InvitationNotFound)
}
