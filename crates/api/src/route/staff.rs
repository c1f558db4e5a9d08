//! `/api/admin/…`: what staff see.

use actix_web::http::header::LINK;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::{Oversight, Whom};
use rookery_domain::{TenantId, UserId};
use rookery_door::query::{Query, cursor_at, log_filter, oversight_filter, reason_of};
use rookery_door::{Problem, StaffOnly};

use crate::view::{
    self, Answer, StaffLogView, StaffTenantFileView, StaffTenantPageView, StaffUserFileView, StaffUserPageView,
};

/// Search for people
///
/// By the beginning of an address or a name, by a whole address, or by id; the newest account first. That and what was searched for
/// is in the log of the staff before it is answered. For whoever is no staff nothing is here.
#[utoipa::path(
    get, path = "/api/admin/users", operation_id = "findUsers", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("query" = Option<String>, Query, description = "The beginning of an address or a name in whatever case, a whole address, or an id"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
        ("reason" = Option<String>, Query, description = "Why, for the log"),
    ),
    responses((
        status = 200, description = "The accounts", body = StaffUserPageView,
        headers(("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last")),
    )),
)]
pub(crate) async fn find_users(staff: StaffOnly, request: HttpRequest, oversight: Data<dyn Oversight>) -> Answer {
    let query = Query::of(&request);
    let (filter, why) = oversight_filter::<UserId>(&query)?;
    let page = oversight.find(&staff.overseer, filter, why).await?;
    let next = page.next.map(|user| user.to_string());
    view::json(leading_on(&query, next.as_deref()), &StaffUserPageView::of(&page, next))
}

/// Look at an account
///
/// Its state, its second factors by kind, its tenants, its live sessions and what happened to it lately. Whoever has it reads in
/// their activity that support looked at it.
#[utoipa::path(
    get, path = "/api/admin/users/{id}", operation_id = "showUser", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "The person's id"),
        ("reason" = Option<String>, Query, description = "Why, for the log"),
    ),
    responses((status = 200, description = "The account", body = StaffUserFileView)),
)]
pub(crate) async fn show_user(staff: StaffOnly, request: HttpRequest, oversight: Data<dyn Oversight>) -> Answer {
    let why = reason_of(&Query::of(&request))?;
    let file = oversight.show(&staff.overseer, &whom(&request)?, why).await?;
    view::ok(&StaffUserFileView::of(&file, staff.session))
}

/// Search for tenants
///
/// By the beginning of a name, or by id; the newest first.
#[utoipa::path(
    get, path = "/api/admin/tenants", operation_id = "findTenants", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("query" = Option<String>, Query, description = "The beginning of a name in whatever case, or an id"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
        ("reason" = Option<String>, Query, description = "Why, for the log"),
    ),
    responses((
        status = 200, description = "The tenants", body = StaffTenantPageView,
        headers(("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last")),
    )),
)]
pub(crate) async fn find_tenants(staff: StaffOnly, request: HttpRequest, oversight: Data<dyn Oversight>) -> Answer {
    let query = Query::of(&request);
    let (filter, why) = oversight_filter::<TenantId>(&query)?;
    let page = oversight.find_tenants(&staff.overseer, filter, why).await?;
    let next = page.next.map(|tenant| tenant.to_string());
    view::json(
        leading_on(&query, next.as_deref()),
        &StaffTenantPageView::of(&page, next),
    )
}

/// Look at a tenant
///
/// With the fifty members who have belonged to it longest.
#[utoipa::path(
    get, path = "/api/admin/tenants/{id}", operation_id = "showTenant", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "The tenant's id"),
        ("reason" = Option<String>, Query, description = "Why, for the log"),
    ),
    responses((status = 200, description = "The tenant", body = StaffTenantFileView)),
)]
pub(crate) async fn show_tenant(staff: StaffOnly, request: HttpRequest, oversight: Data<dyn Oversight>) -> Answer {
    let why = reason_of(&Query::of(&request))?;
    // What is no id names no tenant, like an id nobody has.
    let tenant: TenantId = id(&request).parse().map_err(|_| Problem::TenantNotFound)?;
    let file = oversight.show_tenant(&staff.overseer, &tenant, why).await?;
    view::ok(&StaffTenantFileView::of(&file))
}

/// Read what staff did
///
/// Every look and every change, the newest first, with who, whom, what, why and from where; also what was refused, and what was done
/// at the command line.
#[utoipa::path(
    get, path = "/api/admin/log", operation_id = "readStaffLog", tag = "Staff",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("action" = Option<Vec<String>>, Query, description = "Only these actions; may be given several times", example = json!(["staff.user_suspended"])),
        ("outcome" = Option<String>, Query, description = "Only `success` or only `failure`"),
        ("from" = Option<String>, Query, description = "Not before this time (RFC 3339)", example = "2025-10-27T12:00:00Z"),
        ("to" = Option<String>, Query, description = "Before this time (RFC 3339)"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
        ("reason" = Option<String>, Query, description = "Why, for the log"),
    ),
    responses((
        status = 200, description = "The entries", body = StaffLogView,
        headers(("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last")),
    )),
)]
pub(crate) async fn read_staff_log(staff: StaffOnly, request: HttpRequest, oversight: Data<dyn Oversight>) -> Answer {
    let query = Query::of(&request);
    let (filter, why) = log_filter(&query)?;
    let page = oversight.log(&staff.overseer, filter, why).await?;
    let next = page.next.as_ref().map(cursor_at);
    view::json(leading_on(&query, next.as_deref()), &StaffLogView::of(&page, next))
}

fn leading_on(query: &Query<'_>, next: Option<&str>) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header((LINK, format!("<?{}>; rel=\"next\"", query.with_cursor(next))));
    }
    response
}

/// The person a path names. What is no id names nobody.
pub(super) fn whom(request: &HttpRequest) -> Result<Whom, Problem> {
    id(request).parse().map(Whom::Id).map_err(|_| Problem::UserNotFound)
}

fn id(request: &HttpRequest) -> &str {
    request.match_info().get("id").unwrap_or_default()
}
