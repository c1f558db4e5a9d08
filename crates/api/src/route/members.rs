//! `GET /api/tenants/{tenantId}/users`, `PATCH`, `DELETE /api/tenants/{tenantId}/users/{userId}`,
//! `POST /api/tenants/{tenantId}/transfer-ownership`

use actix_web::http::header::LINK;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::{EndedMembership, Members};
use rookery_domain::UserId;
use rookery_door::body::{Body, NewOwnerBody, RolesBody};
use rookery_door::query::{Query, cursor_at_member, member_filter};
use rookery_door::{Authenticated, CallerInfo, Problem};

use super::tenants::tenant;
use crate::view::{self, Answer, MemberPageView, MemberView, MessageView};

/// List the members of a tenant
///
/// Who belongs to the tenant, in the order in which they joined, for any of its members. `search` keeps to those whose address or
/// one of whose names begins so. Behind each page stands a cursor for the next. For everybody else it is a tenant that is not
/// there.
#[utoipa::path(
    get, path = "/api/tenants/{tenantId}/users", operation_id = "listMembers", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("search" = Option<String>, Query, description = "The beginning of an address or a name, in whatever case"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
    ),
    responses((
        status = 200, description = "The members", body = MemberPageView,
        headers(("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last")),
    )),
)]
pub(crate) async fn list_members(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    members: Data<dyn Members>,
) -> Answer {
    let query = Query::of(&request);
    let filter = member_filter(&query)?;
    let page = members.list(&signed_in, &tenant(&request)?, filter).await?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = &page.next {
        let next = query.with_cursor(&cursor_at_member(next));
        response.insert_header((LINK, format!("<?{next}>; rel=\"next\"")));
    }
    view::json(response, &MemberPageView::of(&page))
}

/// Give a member other roles
///
/// These roles and no others. Admins neither make nor unmake owners, nor change what an owner is; owners do, but a tenant is never
/// without one (`LAST_OWNER`). To make or unmake an owner needs a proof younger than 10 minutes. The member's sessions have the new
/// roles with their next request.
#[utoipa::path(
    patch, path = "/api/tenants/{tenantId}/users/{userId}", operation_id = "assignRoles", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("userId" = String, Path, description = "The member's id"),
    ),
    request_body = RolesBody,
    responses((status = 200, description = "The member has these roles", body = MemberView)),
)]
pub(crate) async fn assign_roles(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    body: Body,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
) -> Answer {
    let roles = body.parse::<RolesBody>()?.meant()?;
    let (tenant, user) = (tenant(&request)?, user(&request)?);
    let member = members.assign(&signed_in, &tenant, &user, roles, &caller).await?;
    view::ok(&MemberView::of(&member))
}

/// Remove a member, or leave
///
/// Owners remove anybody, admins whoever is no owner, and everybody themselves; but the last owner stays (`LAST_OWNER`). To remove
/// another owner needs a proof younger than 10 minutes. Sessions of whoever is gone are in that tenant no more, on any node. No body
/// is needed.
#[utoipa::path(
    delete, path = "/api/tenants/{tenantId}/users/{userId}", operation_id = "removeMember", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("userId" = String, Path, description = "The member's id; one's own to leave"),
    ),
    responses((
        status = 200, description = "The membership has ended", body = MessageView,
        example = json!({"success": true, "message": "Member has been removed."}),
    )),
)]
pub(crate) async fn remove_member(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
) -> Answer {
    let (tenant, user) = (tenant(&request)?, user(&request)?);
    let message = match members.remove(&signed_in, &tenant, &user, &caller).await? {
        EndedMembership::Own => "You have left the tenant.",
        EndedMembership::Other => "Member has been removed.",
    };
    view::ok(&MessageView::saying(message))
}

/// Transfer the ownership
///
/// Another member becomes an owner in the place of the one who asks, who stays as an admin: both at once or neither. Needs a proof
/// younger than 10 minutes.
#[utoipa::path(
    post, path = "/api/tenants/{tenantId}/transfer-ownership", operation_id = "transferOwnership", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(("tenantId" = String, Path, description = "The tenant's id")),
    request_body = NewOwnerBody,
    responses((status = 200, description = "The new owner", body = MemberView)),
)]
pub(crate) async fn transfer_ownership(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    body: Body,
    CallerInfo(caller): CallerInfo,
    members: Data<dyn Members>,
) -> Answer {
    let meant = body.parse::<NewOwnerBody>()?.meant()?;
    // What is no id names nobody, like an id nobody has.
    let to = meant.ok_or(Problem::UserNotFound)?;
    let owner = members
        .transfer_ownership(&signed_in, &tenant(&request)?, &to, &caller)
        .await?;
    view::ok(&MemberView::of(&owner))
}

/// The person a path names. What is no id names nobody.
fn user(request: &HttpRequest) -> Result<UserId, Problem> {
    let id = request.match_info().get("userId").unwrap_or_default();
    id.parse().map_err(|_| Problem::UserNotFound)
}
