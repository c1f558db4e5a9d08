//! `/assets/…`: what pages are drawn with.

use actix_web::HttpRequest;
use actix_web::web::Data;
use rookery_door::{Answer, Problem};

use crate::site::Site;

/// An asset, under the name that its content has given it.
pub(crate) async fn show(request: HttpRequest, site: Data<Site>) -> Answer {
    let asset = site.asset(request.path()).ok_or(Problem::NotFound)?;
    Ok(asset.answer())
}
