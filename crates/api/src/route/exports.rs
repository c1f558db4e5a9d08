//! `GET`, `POST /api/users/me/export` and what is below

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_core::Exports;
use rookery_domain::ExportId;
use rookery_door::{Authenticated, CallerInfo, Door, Problem, export_download};

use crate::view::{self, Answer, ExportListView, ExportView};

/// Ask for a copy of one's data
///
/// Everything that is kept about the signed-in person, as one ZIP file: a page for people, a document for programs, a table for
/// each part. It is made within a minute in most cases, and a mail says when. Whoever waits for one already is told of that one.
/// Needs a fresh proof of who one is; three a day.
#[utoipa::path(
    post, path = "/api/users/me/export", operation_id = "requestExport", tag = "Privacy",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 202, description = "The copy is being made", body = ExportView)),
)]
pub(crate) async fn request_export(
    Authenticated(signed_in): Authenticated,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    exports: Data<dyn Exports>,
) -> Answer {
    let export = exports.request(&signed_in, &caller).await?;
    view::accepted(&ExportView::of(&export, door.now()))
}

/// List the copies of one's data
///
/// Those of the last 30 days, the newest first.
#[utoipa::path(
    get, path = "/api/users/me/export", operation_id = "listExports", tag = "Privacy",
    security(("cookie" = []), ("bearer" = [])),
    responses((status = 200, description = "The copies", body = ExportListView)),
)]
pub(crate) async fn list_exports(
    Authenticated(signed_in): Authenticated,
    door: Data<Door>,
    exports: Data<dyn Exports>,
) -> Answer {
    let listed = exports.list(&signed_in).await?;
    view::ok(&ExportListView::of(&listed, door.now()))
}

/// Look at a copy of one's data
///
/// What became of it.
#[utoipa::path(
    get, path = "/api/users/me/export/{id}", operation_id = "readExport", tag = "Privacy",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The copy's id")),
    responses((status = 200, description = "The copy", body = ExportView)),
)]
pub(crate) async fn read_export(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    door: Data<Door>,
    exports: Data<dyn Exports>,
) -> Answer {
    let export = exports.find(&signed_in, &export(&request)?).await?;
    view::ok(&ExportView::of(&export, door.now()))
}

/// Download a copy of one's data
///
/// While it is `ready`. Needs a fresh proof of who one is, each time; that it was downloaded is written down.
#[utoipa::path(
    get, path = "/api/users/me/export/{id}/download", operation_id = "downloadExport", tag = "Privacy",
    security(("cookie" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "The copy's id")),
    responses((
        status = 200, description = "The copy", body = Vec<u8>, content_type = "application/zip",
        headers(("Content-Disposition" = String, description = "A name for the file")),
    )),
)]
pub(crate) async fn download_export(
    Authenticated(signed_in): Authenticated,
    request: HttpRequest,
    CallerInfo(caller): CallerInfo,
    door: Data<Door>,
    exports: Data<dyn Exports>,
) -> Answer {
    export_download(&door, exports, signed_in, &export(&request)?, &caller).await
}

/// The copy a path names. What is no id names none, like an id nobody has.
fn export(request: &HttpRequest) -> Result<ExportId, Problem> {
    let id = request.match_info().get("id").unwrap_or_default();
    id.parse().map_err(|_| Problem::ExportNotFound)
}
