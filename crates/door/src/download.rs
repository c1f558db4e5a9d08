//! A copy of somebody's data on its way to them, part by part: the same at every door.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Bytes, Data};
use futures_util::stream;
use rookery_core::ports::SignedIn;
use rookery_core::{Exports, OpenedExport};
use rookery_domain::{Caller, ExportId};

use crate::door::Door;
use crate::problem::Problem;

/// Opens a copy and sends it. What is in memory is one part at a time. A part that cannot be read any more cuts the answer
/// off, which its length tells.
///
/// # Errors
/// [`Problem`], as long as nothing was sent.
pub async fn export_download(
    door: &Door,
    exports: Data<dyn Exports>,
    signed_in: SignedIn,
    export: &ExportId,
    caller: &Caller,
) -> Result<HttpResponse, Problem> {
    let opened = exports.open(&signed_in, export, caller).await?;
    let first = exports.part(&signed_in, &opened, 0).await?;
    let name = format!("export-{}.zip", door.now().format("%Y-%m-%d"));
    let rest = stream::unfold(Sending::of(exports, signed_in, opened, first), Sending::next);
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .no_chunking(opened.size)
        .streaming(rest))
}

struct Sending {
    exports: Data<dyn Exports>,
    signed_in: SignedIn,
    opened: OpenedExport,
    first: Option<Vec<u8>>,
    number: u32,
}

impl Sending {
    const fn of(exports: Data<dyn Exports>, signed_in: SignedIn, opened: OpenedExport, first: Vec<u8>) -> Self {
        Self {
            exports,
            signed_in,
            opened,
            first: Some(first),
            number: 0,
        }
    }

    async fn next(mut self) -> Option<(Result<Bytes, Problem>, Self)> {
        if self.number >= self.opened.parts {
            return None;
        }
        let part = match self.first.take() {
            Some(first) => Ok(first),
            None => self.exports.part(&self.signed_in, &self.opened, self.number).await,
        };
        self.number = if part.is_ok() {
            self.number + 1
        } else {
            self.opened.parts
        };
        Some((part.map(Bytes::from).map_err(Problem::from), self))
    }
}
