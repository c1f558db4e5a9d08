//! The account pages.

use std::fs;

use actix_web::web::Bytes;
use rookery_api::Origin;

use super::http::origin;
use super::parse::{Demand, list, path, switch};
use super::reader::{Noted, Reader};

/// A sheet that is larger would make the pages slow.
const LARGEST_STYLESHEET: usize = 256 * 1024;

/// Whether there are account pages, how they look, and where they may lead.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Whether to serve them.
    pub enabled: bool,
    /// A stylesheet that has the last word.
    pub stylesheet: Option<Bytes>,
    /// Origins a `redirect` may lead to, besides the pages' own.
    pub redirect_origins: Vec<Origin>,
}

impl Pages {
    pub(super) fn read(reader: &mut Reader, allowed_origins: &[Origin]) -> Result<Self, Noted> {
        let enabled = reader.value("pages.enabled", switch);
        let stylesheet = reader.optional("pages.stylesheet", stylesheet);
        let redirect_origins = redirect_origins(reader, allowed_origins);
        Ok(Self {
            enabled: enabled?,
            stylesheet: stylesheet?,
            redirect_origins: redirect_origins?,
        })
    }
}

/// Whose pages may change something here may as well be gone on to.
fn redirect_origins(reader: &mut Reader, allowed: &[Origin]) -> Result<Vec<Origin>, Noted> {
    let given = reader.optional("pages.redirect_origins", list(origin))?;
    Ok(given.unwrap_or_else(|| {
        let names: Vec<&str> = allowed.iter().map(Origin::as_str).collect();
        reader.derive("pages.redirect_origins", &names.join(","));
        allowed.to_vec()
    }))
}

fn stylesheet(text: &str) -> Result<Bytes, Demand> {
    let bytes = fs::read(path(text)?).map_err(|error| format!("be a file that can be read ({error})"))?;
    if bytes.len() > LARGEST_STYLESHEET {
        return Err(format!("be a file of at most {} KiB", LARGEST_STYLESHEET / 1024));
    }
    if std::str::from_utf8(&bytes).is_err() {
        return Err("be a stylesheet in UTF-8".to_owned());
    }
    Ok(bytes.into())
}
