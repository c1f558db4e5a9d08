//! `GET /api/users/me/activity` and `GET /api/tenants/{tenantId}/audit`

use actix_web::http::header::{CONTENT_DISPOSITION, LINK};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use rookery_core::{Activity, ActivityPage};
use rookery_domain::{SessionId, TenantId};

use crate::view::{self, Answer, EventPageView};
use rookery_door::query::{ActivityQuery, Format, Query, cursor_at};
use rookery_door::{Authenticated, Door, Problem};

/// Read what happened to one's account
///
/// Log-ins and security events of the last twelve months, the newest first, failed ones too. Behind each page stands a cursor
/// for the next; events that happen meanwhile neither repeat nor hide any. As a table with `format=csv` or `Accept: text/csv`,
/// then up to 1000 events at once; `Link` leads to the next page there.
#[utoipa::path(
    get, path = "/api/users/me/activity", operation_id = "readActivity", tag = "Activity",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("action" = Option<Vec<String>>, Query, description = "Only these actions; may be given several times", example = json!(["session.created"])),
        ("outcome" = Option<String>, Query, description = "Only `success` or only `failure`"),
        ("from" = Option<String>, Query, description = "Not before this time (RFC 3339)", example = "2025-10-27T12:00:00Z"),
        ("to" = Option<String>, Query, description = "Before this time (RFC 3339)"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise; 1 to 1000 and 1000 as CSV"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
        ("format" = Option<String>, Query, description = "`json` or `csv`; goes before `Accept`"),
    ),
    responses((
        status = 200, description = "The events",
        content((EventPageView = "application/json"), (String = "text/csv")),
        headers(
            ("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last"),
            ("Content-Disposition" = String, description = "As CSV: a name for the file"),
        ),
    )),
)]
pub(crate) async fn read_activity(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    door: Data<Door>,
    activity: Data<dyn Activity>,
) -> Answer {
    let query = Query::of(&request);
    let ActivityQuery { filter, format } = ActivityQuery::of(&request, &query)?;
    let page = activity.of_person(&signed_in, filter).await?;
    let name = format!("activity-{}.csv", door.now().format("%Y-%m-%d"));
    answer(&page, signed_in.session.id, &query, format, &name)
}

/// Read what happened in a tenant
///
/// What was done in sessions inside the tenant, the newest first, for its owners alone: whoever does not own the tenant at this
/// moment gets the 404 of a tenant that is not there. Pages, filters and tables are those of one's own activity.
#[utoipa::path(
    get, path = "/api/tenants/{tenantId}/audit", operation_id = "readTenantAudit", tag = "Activity",
    security(("cookie" = []), ("bearer" = [])),
    params(
        ("tenantId" = String, Path, description = "The tenant's id"),
        ("action" = Option<Vec<String>>, Query, description = "Only these actions; may be given several times", example = json!(["session.created"])),
        ("outcome" = Option<String>, Query, description = "Only `success` or only `failure`"),
        ("from" = Option<String>, Query, description = "Not before this time (RFC 3339)", example = "2025-10-27T12:00:00Z"),
        ("to" = Option<String>, Query, description = "Before this time (RFC 3339)"),
        ("limit" = Option<u32>, Query, description = "At most so many: 1 to 100, 25 unless said otherwise; 1 to 1000 and 1000 as CSV"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
        ("format" = Option<String>, Query, description = "`json` or `csv`; goes before `Accept`"),
    ),
    responses((
        status = 200, description = "The events",
        content((EventPageView = "application/json"), (String = "text/csv")),
        headers(
            ("Link" = String, description = "The next page, as `rel=\"next\"`; absent on the last"),
            ("Content-Disposition" = String, description = "As CSV: a name for the file"),
        ),
    )),
)]
pub(crate) async fn read_tenant_audit(
    Authenticated(signed_in): Authenticated,
    tenant: Path<String>,
    request: HttpRequest,
    door: Data<Door>,
    activity: Data<dyn Activity>,
) -> Answer {
    let query = Query::of(&request);
    let ActivityQuery { filter, format } = ActivityQuery::of(&request, &query)?;
    // What is no id names no tenant, like an id nobody has.
    let tenant: TenantId = tenant.parse().map_err(|_| Problem::TenantNotFound)?;
    let page = activity.of_tenant(&signed_in, &tenant, filter).await?;
    let name = format!("audit-{}.csv", door.now().format("%Y-%m-%d"));
    answer(&page, signed_in.session.id, &query, format, &name)
}

fn answer(page: &ActivityPage, reading: SessionId, query: &Query<'_>, format: Format, name: &str) -> Answer {
    let mut response = HttpResponse::Ok();
    if let Some(next) = &page.next {
        let next = query.with_cursor(&cursor_at(next));
        response.insert_header((LINK, format!("<?{next}>; rel=\"next\"")));
    }
    let view = EventPageView::of(page, reading);
    match format {
        Format::Json => view::json(response, &view),
        Format::Csv => Ok(response
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
            .content_type("text/csv; charset=utf-8; header=present")
            .body(view.into_csv())),
    }
}
