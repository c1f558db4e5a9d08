//! Who looks at a page, as far as a browser shows it: language, theme, and the tokens of their forms.

mod choices;
mod extract;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use actix_web::web::Data;
use rookery_core::ports::SignedIn;
use rookery_domain::{Initials, Language, Profile, SessionToken, Theme, TimeZone, Timestamp};
use rookery_door::Door;
use rookery_words::Argument;
use url::form_urlencoded;

use crate::cookie::Cookie;
use crate::form_token::FormSecret;
use crate::note::Note;
use crate::page::Page;
use crate::route::home::SETTINGS;
use crate::site::Site;

pub(crate) use extract::{Guest, LimitedPerson, Person};

/// Somebody who looks at a page.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) site: Data<Site>,
    pub(crate) door: Data<Door>,
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    pub(crate) zone: TimeZone,
    /// The path that was asked for, as the browser knows it.
    pub(crate) here: String,
    /// The query it was asked with, without the choices of the foot.
    pub(crate) carried: Vec<(String, String)>,
    pub(crate) note: Option<Note>,
    /// Who is signed in.
    pub(crate) person: Option<minijinja::Value>,
    /// What the tenant is called that their session works in.
    pub(crate) works_in: Option<String>,
    session: Option<SessionToken>,
    secret: FormSecret,
    /// What the browser is to keep from now on.
    cookies: Vec<HeaderValue>,
}

impl Visitor {
    /// A page for this visitor.
    pub(crate) fn page(&self, template: &'static str) -> Page<'_> {
        Page::new(self, template)
    }

    /// A text in the visitor's language.
    pub(crate) fn say(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        self.site.words.say(self.language, key, arguments)
    }

    /// What a rule says, in the visitor's language.
    pub(crate) fn translated(&self, sentence: &str) -> String {
        self.site.words.translated(self.language, sentence)
    }

    /// A moment as the visitor writes it, in the visitor's zone.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        self.site.words.moment(self.language, at, self.zone)
    }

    /// A day as the visitor writes it, in the visitor's zone.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        self.site.words.date(self.language, at, self.zone)
    }

    /// A path of ours as the browser knows it.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.site.base)
    }

    /// The token for this visitor's forms.
    pub(crate) fn form_token(&self) -> String {
        self.secret.token(self.session.as_ref(), self.site.digest.as_ref())
    }

    /// Whether a form shows that token.
    pub(crate) fn sent(&self, token: &str) -> bool {
        self.secret
            .fits(token, self.session.as_ref(), self.site.digest.as_ref())
    }

    /// On to one of our pages.
    pub(crate) fn go_to(&self, path: &str) -> HttpResponse {
        self.see_other(&self.link(path))
    }

    /// On to one of our pages, which says once what was done.
    pub(crate) fn go_and_say(&self, path: &str, note: Note) -> HttpResponse {
        self.saying(note, self.go_to(path))
    }

    /// On to wherever it leads, where it is said once what was done.
    pub(crate) fn saying(&self, note: Note, mut response: HttpResponse) -> HttpResponse {
        let cookie = Cookie::Note.kept(self.door.cookie, note.word());
        response.headers_mut().append(SET_COOKIE, cookie);
        response
    }

    /// The same visitor, whose session goes on under this token: forms they are given now are for that one.
    pub(crate) fn held_by(&self, token: &SessionToken) -> Self {
        Self {
            session: Some(token.clone()),
            ..self.clone()
        }
    }

    /// On to where the visitor wanted to go, if a form or a query says so and that is a place to go to.
    pub(crate) fn go_on(&self, wanted: &str, or_else: &str) -> HttpResponse {
        match self.site.destinations.named(wanted) {
            Some(destination) => self.see_other(destination.as_str()),
            None => self.go_to(or_else),
        }
    }

    /// The same, and without a wish to where people go on to from here: the operator's dashboard, or their settings.
    pub(crate) fn go_on_or_home(&self, wanted: &str) -> HttpResponse {
        match &self.site.home {
            Some(home) if self.site.destinations.named(wanted).is_none() => self.see_other(home.as_str()),
            _ => self.go_on(wanted, SETTINGS),
        }
    }

    /// On to one of our pages, with a query; what is empty is left out.
    pub(crate) fn go_with(&self, path: &str, query: &[(&str, &str)]) -> HttpResponse {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
        match pairs.finish() {
            query if query.is_empty() => self.go_to(path),
            query => self.go_to(&format!("{path}?{query}")),
        }
    }

    /// A parameter of the query.
    pub(crate) fn asked(&self, name: &str) -> &str {
        self.carried
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    fn see_other(&self, location: &str) -> HttpResponse {
        let mut response = HttpResponse::SeeOther();
        response.insert_header((LOCATION, location));
        self.remembered(response.finish())
    }

    /// The answer with what the browser is to keep.
    pub(crate) fn remembered(&self, mut response: HttpResponse) -> HttpResponse {
        for cookie in &self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        response
    }

    /// The visitor, now known to hold this session.
    fn signed_in_as(self, signed_in: &SignedIn) -> Self {
        let works_in = signed_in.session.tenant.as_ref();
        Self {
            works_in: works_in.map(|tenant| tenant.name.clone()),
            ..self.known_as(&signed_in.profile)
        }
    }

    /// The visitor, now known to be this person: their preferences go before what the browser keeps, and it keeps them for the
    /// pages that they see when they have signed out.
    pub(crate) fn known_as(mut self, profile: &Profile) -> Self {
        let preferences = &profile.preferences;
        let language = self.site.words.choose(Some(preferences.language), None, None);
        self.keep(
            Cookie::Language,
            self.language.as_str() != language.as_str(),
            language.as_str(),
        );
        self.keep(
            Cookie::Theme,
            self.theme != preferences.theme,
            preferences.theme.as_str(),
        );
        self.language = language;
        self.theme = preferences.theme;
        self.zone = preferences.timezone;
        self.person = Some(person(&self.site.base, profile));
        self
    }

    fn keep(&mut self, cookie: Cookie, is_new: bool, value: &str) {
        if is_new {
            self.cookies.push(cookie.kept(self.door.cookie, value));
        }
    }
}

/// What the frame of a page says of somebody who is signed in.
fn person(base: &str, profile: &Profile) -> minijinja::Value {
    let name = profile.name.as_deref().unwrap_or(profile.email.as_str());
    minijinja::context! {
        name,
        email => profile.email.as_str(),
        initials => Initials::of(profile.name.as_deref(), &profile.email).as_str(),
        picture => profile.picture.as_deref().and_then(|picture| picture_link(base, picture)),
    }
}

/// Where a picture is shown. One from elsewhere is not: a page asks nobody else for anything.
fn picture_link(base: &str, picture: &str) -> Option<String> {
    let is_ours = picture.starts_with('/') && !picture.starts_with("//");
    is_ours.then(|| format!("{base}{picture}"))
}
