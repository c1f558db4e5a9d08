//! This door speaks in pages.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::Data;
use minijinja::context;
use rookery_door::{Bodies, Door, Luggage, Problem, Voice};
use url::form_urlencoded;

use crate::filled::told;
use crate::note::Note;
use crate::route::settings::second_factor;
use crate::site::Site;
use crate::visitor::Visitor;

/// The type of every page.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// Where a picture comes along.
const PICTURE: &str = "/settings/profile/picture";

/// Forms in, pages out.
pub(crate) struct Html {
    pub(crate) site: Data<Site>,
    pub(crate) door: Data<Door>,
}

/// Whoever asked, and for what.
pub(crate) struct Heard {
    visitor: Visitor,
    reads: bool,
}

impl Voice for Html {
    const BODIES: Bodies = Bodies::Forms;
    const MEDIA_TYPE: &'static str = HTML;
    const HEADERS: &'static [(&'static str, &'static str)] = &[
        // A page without a referrer would send its forms with the origin `null`, and nobody could tell whose they are. To other
        // origins nothing is told.
        ("referrer-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("vary", "Cookie, Accept-Language"),
    ];
    const POLICY: &'static str =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

    type Heard = Heard;

    fn luggage(&self, request: &ServiceRequest) -> Luggage {
        if request.path() == PICTURE {
            Luggage::Picture
        } else {
            Luggage::Fields
        }
    }

    fn hear(&self, request: &ServiceRequest) -> Heard {
        Heard {
            visitor: Visitor::of(request.request(), &self.site, &self.door),
            reads: matches!(*request.method(), Method::GET | Method::HEAD),
        }
    }

    /// What somebody can do something about is a way to where they can do it; the rest is a page that says what happened.
    fn tell(&self, heard: &Heard, problem: &Problem, request_id: &str) -> HttpResponse {
        let visitor = &heard.visitor;
        match problem {
            Problem::AuthenticationRequired | Problem::NothingToEnd { .. } => {
                visitor.go_to(&back_through("/login", heard))
            }
            Problem::ReauthenticationRequired => visitor.go_to(&back_through("/reauthenticate", heard)),
            Problem::SecondFactorRequired => visitor.go_to(second_factor::PAGE),
            Problem::ChallengeEnded { .. } => visitor.go_and_say("/login", Note::ChallengeEnded),
            problem => page(visitor, problem, request_id),
        }
    }
}

/// A page of ours that leads back to where somebody was. What was to be done there is for them to do again.
fn back_through(page: &str, heard: &Heard) -> String {
    let Heard { visitor, reads } = heard;
    let mut here = visitor.here.clone();
    if *reads && !visitor.carried.is_empty() {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&visitor.carried)
            .finish();
        here = format!("{here}?{query}");
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("redirect", &here)
        .finish();
    format!("{page}?{query}")
}

/// Which of the pages that tell a problem.
fn kind(problem: &Problem) -> &'static str {
    match problem.status().as_u16() {
        403 => "forbidden",
        404 => "not_found",
        405 => "method",
        429 => "too_many",
        503 => "unavailable",
        500.. => "failed",
        _ => "bad_request",
    }
}

fn page(visitor: &Visitor, problem: &Problem, request_id: &str) -> HttpResponse {
    let facts = context! {
        kind => kind(problem),
        text => told(problem, visitor),
        request_id,
    };
    let page = visitor.page("problem.html").telling(facts).status(problem.status());
    page.answer().unwrap_or_else(|_| {
        HttpResponse::build(problem.status()).content_type(HTML).body(format!(
            "<!doctype html><title>{0}</title><h1>{0}</h1>",
            problem.sentence()
        ))
    })
}
