//! The small things a browser keeps for the pages; none of them opens anything.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use chrono::Duration;
use rookery_door::{CookieMode, cookies};

/// One of our cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// What the tokens of this browser's forms are made with.
    Form,
    /// The language that was chosen.
    Language,
    /// The theme that was chosen.
    Theme,
    /// What the next page says once.
    Note,
    /// To whom a mail was sent, and when.
    Sent,
}

impl Cookie {
    /// A choice is kept for as long as a known browser is.
    const A_YEAR: Duration = Duration::days(365);

    const fn name(self, mode: CookieMode) -> &'static str {
        match (self, mode) {
            (Self::Form, CookieMode::Https) => "__Host-form",
            (Self::Form, CookieMode::PlainLoopback) => "form",
            (Self::Language, CookieMode::Https) => "__Host-lang",
            (Self::Language, CookieMode::PlainLoopback) => "lang",
            (Self::Theme, CookieMode::Https) => "__Host-theme",
            (Self::Theme, CookieMode::PlainLoopback) => "theme",
            (Self::Note, CookieMode::Https) => "__Host-note",
            (Self::Note, CookieMode::PlainLoopback) => "note",
            (Self::Sent, CookieMode::Https) => "__Host-sent",
            (Self::Sent, CookieMode::PlainLoopback) => "sent",
        }
    }

    /// How long it is kept; until the browser closes if nothing is said.
    const fn life(self) -> Option<Duration> {
        match self {
            Self::Form => None,
            Self::Language | Self::Theme => Some(Self::A_YEAR),
            Self::Note => Some(Duration::minutes(1)),
            Self::Sent => Some(Duration::hours(1)),
        }
    }

    /// What the browser shows, if it shows one and no more.
    pub(crate) fn shown(self, request: &HttpRequest, mode: CookieMode) -> Option<String> {
        let mut shown = cookies(request.headers(), self.name(mode));
        let first = shown.next()?;
        let is_alone = shown.next().is_none();
        is_alone.then(|| String::from_utf8(first.to_vec()).ok())?
    }

    /// The `Set-Cookie` that has it kept. The value is one of ours: letters, digits and a few signs.
    pub(crate) fn kept(self, mode: CookieMode, value: &str) -> HeaderValue {
        match self.life() {
            Some(life) => mode.lasting(self.name(mode), value, life),
            None => mode.until_closed(self.name(mode), value),
        }
    }

    /// The `Set-Cookie` that takes it away.
    pub(crate) fn taken_away(self, mode: CookieMode) -> HeaderValue {
        mode.ended(self.name(mode))
    }
}
