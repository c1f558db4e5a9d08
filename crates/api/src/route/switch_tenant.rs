//! `POST /api/auth/switch-tenant`

use actix_web::web::Data;
use rookery_core::Tenants;
use rookery_door::body::{Body, SwitchTenantBody};
use rookery_door::{Authenticated, CallerInfo, Problem};

use crate::view::{self, Answer, SwitchedView};

/// Go on in another tenant
///
/// The session goes on in another tenant of the signed-in person, on every node with its next request. From then on it lives no
/// longer than that tenant's policy lets it, counted from the last proof of who they are (when that is over already,
/// `REAUTHENTICATION_REQUIRED`), and a second factor that a tenant asks for counts. A tenant they do not belong to is a 404,
/// whether or not there is one.
#[utoipa::path(
    post, path = "/api/auth/switch-tenant", operation_id = "switchTenant", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    request_body = SwitchTenantBody,
    responses((status = 200, description = "The session is in the tenant", body = SwitchedView)),
)]
pub(crate) async fn switch_tenant(
    Authenticated(signed_in): Authenticated,
    body: Body,
    CallerInfo(caller): CallerInfo,
    tenants: Data<dyn Tenants>,
) -> Answer {
    let meant = body.parse::<SwitchTenantBody>()?.meant()?;
    // What is no id names no tenant, like an id nobody has.
    let tenant = meant.ok_or(Problem::TenantNotFound)?;
    let entered = tenants.switch(&signed_in, &tenant, &caller).await?;
    view::ok(&SwitchedView::of(&entered))
}
