//! Visitors out of requests: whoever comes, whoever is signed in, and whoever is signed in and lacks nothing.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{LocalBoxFuture, Ready, ready};
use rookery_core::ports::SignedIn;
use rookery_domain::TimeZone;
use rookery_door::{Authenticated, Door, HeldToken, Identified, Problem, is_about_nobody};

use super::Visitor;
use super::choices::Choices;
use crate::cookie::Cookie;
use crate::form_token::FormSecret;
use crate::note::Note;
use crate::site::Site;

impl Visitor {
    /// Whoever sends this request.
    pub(crate) fn of(request: &HttpRequest, site: &Data<Site>, door: &Data<Door>) -> Self {
        let Choices {
            language: (language, speaks_anew),
            theme: (theme, shows_anew),
            carried,
        } = Choices::of(request, site, door);
        let kept = Cookie::Form.shown(request, door.cookie);
        let kept = kept.and_then(|text| FormSecret::parse(&text));
        let is_new = kept.is_none();
        let secret = kept.unwrap_or_else(|| FormSecret::new(site.entropy.as_ref()));
        let note = Cookie::Note.shown(request, door.cookie);
        let note = note.and_then(|word| Note::meant(&word));
        let mut visitor = Self {
            language,
            theme,
            zone: TimeZone::default(),
            here: format!("{}{}", site.base, request.path()),
            carried,
            note,
            person: None,
            works_in: None,
            session: HeldToken::of(request).0,
            secret: secret.clone(),
            cookies: Vec::new(),
            site: site.clone(),
            door: door.clone(),
        };
        visitor.keep(Cookie::Form, is_new, secret.as_str());
        visitor.keep(Cookie::Language, speaks_anew, language.as_str());
        visitor.keep(Cookie::Theme, shows_anew, theme.as_str());
        visitor
    }

    fn at_the_door(request: &HttpRequest) -> Result<Self, Problem> {
        match (request.app_data::<Data<Site>>(), request.app_data::<Data<Door>>()) {
            (Some(site), Some(door)) => Ok(Self::of(request, site, door)),
            _ => Err(Problem::Internal {
                cause: "a page is mounted outside its site".to_owned(),
            }),
        }
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::at_the_door(request))
    }
}

/// Whoever comes to a page that anybody may see, and who they are if they are signed in. Counted like every read.
pub(crate) struct Guest {
    pub(crate) visitor: Visitor,
    pub(crate) signed_in: Option<SignedIn>,
}

impl FromRequest for Guest {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::at_the_door(request);
        let identified = Identified::from_request(request, payload);
        Box::pin(async move {
            let visitor = visitor?;
            match identified.await {
                Ok(Identified(signed_in)) => Ok(Self {
                    visitor: visitor.signed_in_as(&signed_in),
                    signed_in: Some(signed_in),
                }),
                Err(error) if is_about_nobody(&error) => Ok(Self {
                    visitor,
                    signed_in: None,
                }),
                Err(error) => Err(error),
            }
        })
    }
}

/// Somebody who is signed in and lacks nothing.
pub(crate) struct Person {
    pub(crate) visitor: Visitor,
    pub(crate) signed_in: SignedIn,
}

impl FromRequest for Person {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::at_the_door(request);
        let authenticated = Authenticated::from_request(request, payload);
        Box::pin(async move {
            let Authenticated(signed_in) = authenticated.await?;
            Ok(Self {
                visitor: visitor?.signed_in_as(&signed_in),
                signed_in,
            })
        })
    }
}

/// Somebody who is signed in, even if the session is worth nothing yet but setting up the second factor a tenant asks for.
pub(crate) struct LimitedPerson {
    pub(crate) visitor: Visitor,
    pub(crate) signed_in: SignedIn,
}

impl FromRequest for LimitedPerson {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::at_the_door(request);
        let identified = Identified::from_request(request, payload);
        Box::pin(async move {
            let Identified(signed_in) = identified.await?;
            Ok(Self {
                visitor: visitor?.signed_in_as(&signed_in),
                signed_in,
            })
        })
    }
}
