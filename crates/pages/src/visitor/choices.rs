//! What somebody chose in the foot of a page, or keeps from when they did.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use rookery_domain::{Language, Theme};
use rookery_door::Door;
use url::form_urlencoded;

use crate::cookie::Cookie;
use crate::site::Site;

/// The query of a request, and the choices it makes.
pub(super) struct Choices {
    /// The language to speak, and whether the query has just chosen it.
    pub(super) language: (Language, bool),
    /// The theme to show, and whether the query has just chosen it.
    pub(super) theme: (Theme, bool),
    /// The rest of the query.
    pub(super) carried: Vec<(String, String)>,
}

impl Choices {
    pub(super) fn of(request: &HttpRequest, site: &Site, door: &Door) -> Self {
        let (choices, carried): (Vec<_>, Vec<_>) = form_urlencoded::parse(request.query_string().as_bytes())
            .into_owned()
            .partition(|(name, _)| name == "lang" || name == "theme");
        let chosen = |wanted: &str| {
            let choice = choices.iter().find(|(name, _)| name == wanted);
            choice.map(|(_, value)| value.as_str())
        };
        let kept = |cookie: Cookie| cookie.shown(request, door.cookie);
        Self {
            language: language(request, site, chosen("lang"), kept(Cookie::Language).as_deref()),
            theme: theme(chosen("theme"), kept(Cookie::Theme).as_deref()),
            carried,
        }
    }
}

fn language(request: &HttpRequest, site: &Site, chosen: Option<&str>, kept: Option<&str>) -> (Language, bool) {
    let ours = |tag: &str| tag.parse().ok().filter(|language| site.words.speaks(*language));
    if let Some(language) = chosen.and_then(ours) {
        return (language, true);
    }
    let header = request.headers().get(ACCEPT_LANGUAGE);
    let accepted = header.and_then(|value| value.to_str().ok());
    (site.words.choose(None, kept, accepted), false)
}

fn theme(chosen: Option<&str>, kept: Option<&str>) -> (Theme, bool) {
    match chosen.and_then(|word| word.parse().ok()) {
        Some(theme) => (theme, true),
        None => (kept.and_then(|word| word.parse().ok()).unwrap_or_default(), false),
    }
}
