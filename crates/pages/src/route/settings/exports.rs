//! `/settings/privacy/export`: a copy of everything that is kept about oneself.

use actix_web::web::{Data, Path};
use rookery_core::Exports;
use rookery_domain::ExportId;
use rookery_door::{Answer, CallerInfo, Problem, export_download};

use super::privacy::PAGE;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Person, Visitor};

/// Somebody asks for a copy.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    exports: Data<dyn Exports>,
    Posted(_): Posted,
) -> Answer {
    match exports.request(&signed_in, &caller).await.map_err(Problem::from) {
        Ok(_) => Ok(visitor.go_and_say(PAGE, Note::ExportRequested)),
        Err(Problem::ReauthenticationRequired) => Ok(show_it_is_you(&visitor)),
        Err(problem) => Err(problem),
    }
}

/// Somebody fetches a copy. Whoever has to show first that it is them comes back to the page with the copy on it.
pub(crate) async fn download(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    exports: Data<dyn Exports>,
    id: Path<String>,
) -> Answer {
    let export: ExportId = id.parse().map_err(|_| Problem::ExportNotFound)?;
    match export_download(&visitor.door, exports, signed_in, &export, &caller).await {
        Err(Problem::ReauthenticationRequired) => Ok(show_it_is_you(&visitor)),
        answer => answer,
    }
}

fn show_it_is_you(visitor: &Visitor) -> actix_web::HttpResponse {
    let back = format!("{}{PAGE}", visitor.site.base);
    visitor.go_with("/reauthenticate", &[("redirect", back.as_str())])
}
