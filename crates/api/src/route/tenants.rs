//! `GET`, `POST /api/tenants`, `PATCH /api/tenants/{tenantId}`

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_core::Tenants;
use rookery_domain::TenantId;
use rookery_door::body::{Body, TenantNameBody};
use rookery_door::{Authenticated, CallerInfo, Problem};

use crate::view::{self, Answer, MembershipView, TenantListView};

/// List one's tenants
///
/// Every tenant the signed-in person belongs to, with their roles there, the one they have belonged to longest first.
#[utoipa::path(
    get, path = "/api/tenants", operation_id = "listTenants", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The tenants", body = TenantListView)),
)]
pub(crate) async fn list_tenants(Authenticated(signed_in): Authenticated, tenants: Data<dyn Tenants>) -> Answer {
    let listed = tenants.list(&signed_in).await?;
    view::ok(&TenantListView::of(&listed, &signed_in.session))
}

/// Make a tenant
///
/// The signed-in person owns it. Their first one they may make at once; for a further one their address must be verified. The
/// session stays in the tenant it is in: `POST /api/auth/switch-tenant` leads into the new one.
#[utoipa::path(
    post, path = "/api/tenants", operation_id = "foundTenant", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    request_body = TenantNameBody,
    responses((status = 201, description = "The tenant is there", body = MembershipView)),
)]
pub(crate) async fn found_tenant(
    Authenticated(signed_in): Authenticated,
    body: Body,
    CallerInfo(caller): CallerInfo,
    tenants: Data<dyn Tenants>,
) -> Answer {
    let name = body.parse::<TenantNameBody>()?.meant()?;
    let membership = tenants.found(&signed_in, name, &caller).await?;
    view::created(&MembershipView::of(&membership, &signed_in.session))
}

/// Rename a tenant
///
/// For its owners and admins. Other members get `FORBIDDEN_ROLE`; for everybody else it is a tenant that is not there.
#[utoipa::path(
    patch, path = "/api/tenants/{tenantId}", operation_id = "renameTenant", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(("tenantId" = String, Path, description = "The tenant's id")),
    request_body = TenantNameBody,
    responses((status = 200, description = "The tenant has this name", body = MembershipView)),
)]
pub(crate) async fn rename_tenant(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    body: Body,
    CallerInfo(caller): CallerInfo,
    tenants: Data<dyn Tenants>,
) -> Answer {
    let name = body.parse::<TenantNameBody>()?.meant()?;
    let membership = tenants.rename(&signed_in, &tenant(&request)?, name, &caller).await?;
    view::ok(&MembershipView::of(&membership, &signed_in.session))
}

/// The tenant a path names. What is no id names none, like an id nobody has.
pub(super) fn tenant(request: &HttpRequest) -> Result<TenantId, Problem> {
    let id = request.match_info().get("tenantId").unwrap_or_default();
    id.parse().map_err(|_| Problem::TenantNotFound)
}
