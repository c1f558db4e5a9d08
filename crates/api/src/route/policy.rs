//! `GET`, `PATCH /api/tenants/{tenantId}/policy`

use actix_web::http::header::ETAG;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::{Policies, PolicyInForce, PolicyVersion};
use rookery_door::body::{Body, PolicyBody};
use rookery_door::{Authenticated, CallerInfo, if_match};

use super::tenants::tenant;
use crate::view::{self, Answer, PolicyView};

/// Read a tenant's policy
///
/// What the tenant asks of its members, as it counts: the stricter of its own settings and the installation's. One that has asked
/// for nothing answers what the installation asks of everybody, which `weakest` always shows. For its owners and admins; other
/// members get `FORBIDDEN_ROLE`, and for everybody else it is a tenant that is not there.
#[utoipa::path(
    get, path = "/api/tenants/{tenantId}/policy", operation_id = "readPolicy", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(("tenantId" = String, Path, description = "The tenant's id")),
    responses((
        status = 200, description = "The policy", body = PolicyView,
        headers(("ETag" = String, description = "Names the policy, for `If-Match`")),
    )),
)]
pub(crate) async fn read_policy(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    policies: Data<dyn Policies>,
) -> Answer {
    shown(&policies.read(&signed_in, &tenant(&request)?).await?)
}

/// Change a tenant's policy
///
/// Changes what is named and answers with the whole policy. It can only tighten what the installation asks: what is weaker is
/// refused with the bound. With `If-Match` it is changed only if it still is the one of that `ETag`; else the answer is
/// `PRECONDITION_FAILED`. It counts at once on every node, for sessions that run with their next request. For owners, with a
/// proof younger than 10 minutes. The owners are told by mail, and who needs a second factor now, too.
#[utoipa::path(
    patch, path = "/api/tenants/{tenantId}/policy", operation_id = "changePolicy", tag = "Tenants",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the policy the change is meant for"),
    ),
    request_body = PolicyBody,
    responses((
        status = 200, description = "The policy as it is now", body = PolicyView,
        headers(("ETag" = String, description = "Names the policy, for `If-Match`")),
    )),
)]
pub(crate) async fn change_policy(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    body: Body,
    CallerInfo(caller): CallerInfo,
    policies: Data<dyn Policies>,
) -> Answer {
    let update = body.parse::<PolicyBody>()?.meant()?;
    let expected = expected(&request);
    let changed = policies
        .change(&signed_in, &tenant(&request)?, update, expected, &caller)
        .await?;
    shown(&changed)
}

/// The policies a change is meant for. What names none matches none.
fn expected(request: &HttpRequest) -> Option<Vec<PolicyVersion>> {
    let names = if_match(request)?;
    Some(names.iter().filter_map(|name| PolicyVersion::parse(name)).collect())
}

fn shown(policy: &PolicyInForce) -> Answer {
    let mut response = HttpResponse::Ok();
    response.insert_header((ETAG, format!("\"{}\"", policy.version)));
    view::json(response, &PolicyView::of(policy))
}
