//! The cross-site rule: whoever changes something comes from a page we know, or from no page at all.
//!
//! Where bodies are JSON there are three conditions, in this order, before anything else happens: a body is JSON, which a
//! foreign page cannot send without asking first; an `Origin` is on the list, exactly; without one, `Sec-Fetch-Site` is
//! `same-origin` or `none`. A client that sends neither header is no browser (OWASP Cross-Site Request Forgery Prevention,
//! Fetch Metadata). Where a picture is sent, what is said of JSON holds for the three types of one. For the origins on the list the CORS protocol is spoken; for others nothing is said at all.
//!
//! Where bodies are forms any page may send one, so a browser must say that it comes from the same origin, or from one on the
//! list. Whoever says neither may still be an old browser; the form's own token decides about that one. The CORS protocol is
//! not spoken: nobody else has anything to read there.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, TRANSFER_ENCODING,
};
use actix_web::rt::time::timeout;
use actix_web::{HttpMessage, HttpResponse};
use futures_util::StreamExt;
use rookery_domain::MAX_PICTURE_UPLOAD;

use crate::body::{MAX_BODY, MAX_BODY_TIME};
use crate::door::Door;
use crate::problem::Problem;
use crate::voice::{Bodies, Luggage};

/// The type of a body that is JSON.
pub(crate) const JSON: &str = "application/json";
/// The type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// The type of a form that has files in it.
pub(crate) const FORM_WITH_FILES: &str = "multipart/form-data";
/// The types of a picture. Like JSON, a foreign page cannot send them without asking first (Fetch, CORS-safelisted request
/// headers).
const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// By what a request is judged.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) bodies: Bodies,
    pub(super) luggage: Luggage,
}

impl Rule {
    /// The types a body may have.
    fn kinds(self) -> &'static [&'static str] {
        match (self.bodies, self.luggage) {
            (Bodies::Json, Luggage::Fields) => &[JSON],
            (Bodies::Json, Luggage::Picture) => &PICTURES,
            (Bodies::Forms, _) => &[FORM, FORM_WITH_FILES],
        }
    }

    /// The most bytes a body may have.
    const fn room(self) -> usize {
        match (self.bodies, self.luggage) {
            (_, Luggage::Fields) => MAX_BODY,
            (Bodies::Json, Luggage::Picture) => MAX_PICTURE_UPLOAD,
            // The fields of the form, and what stands around a file.
            (Bodies::Forms, Luggage::Picture) => MAX_PICTURE_UPLOAD + MAX_BODY,
        }
    }

    /// What is said to a body of another type.
    const fn other_type(self) -> Problem {
        match self.luggage {
            Luggage::Fields => Problem::UnsupportedMediaType,
            Luggage::Picture => Problem::UnsupportedPictureType,
        }
    }
}

/// What becomes of a request at the gate.
pub(super) enum Judgement {
    /// It goes on.
    Pass,
    /// It goes on if its body, of which neither type nor length is told, turns out to be none.
    PassWithoutBody,
    /// It is answered here: a preflight.
    Answer(HttpResponse),
    /// It goes no further.
    Refuse(Problem),
}

pub(super) fn judge(door: &Door, rule: Rule, request: &ServiceRequest) -> Judgement {
    let headers = request.headers();
    if rule.bodies == Bodies::Json
        && request.method() == Method::OPTIONS
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && allowed_origin(door, headers).is_some()
    {
        return Judgement::Answer(preflight());
    }
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if only_reads {
        return Judgement::Pass;
    }
    // Some clients send what is no body at all in chunks, that is the last chunk alone, and without a type.
    let may_be_none = headers.contains_key(TRANSFER_ENCODING) && !headers.contains_key(CONTENT_TYPE);
    let is_of_a_kind = rule.kinds().iter().any(|kind| has_content_type(headers, kind));
    if announces_body(headers) && !is_of_a_kind && !may_be_none {
        return Judgement::Refuse(rule.other_type());
    }
    // Nothing here unpacks, so that nothing small can become something large.
    let is_plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).all(is_plain) {
        return Judgement::Refuse(Problem::UnsupportedEncoding);
    }
    let is_known = match rule.bodies {
        Bodies::Json => comes_from_a_known_place(door, headers),
        Bodies::Forms => comes_from_a_page_of_ours(door, headers),
    };
    if !is_known {
        return Judgement::Refuse(Problem::OriginNotAllowed);
    }
    if announced_length(headers).is_some_and(|length| length > rule.room() as u64) {
        return Judgement::Refuse(Problem::PayloadTooLarge);
    }
    if may_be_none {
        Judgement::PassWithoutBody
    } else {
        Judgement::Pass
    }
}

/// Reads the body's end, which must be its beginning.
pub(super) async fn expect_no_body(rule: Rule, request: &mut ServiceRequest) -> Result<(), Problem> {
    let mut body = request.take_payload();
    match timeout(MAX_BODY_TIME, body.next()).await {
        Ok(None) => Ok(()),
        Ok(Some(Ok(_))) => Err(rule.other_type()),
        Ok(Some(Err(_))) => Err(Problem::BadRequest),
        Err(_) => Err(Problem::BodyTooSlow),
    }
}

/// The request's origin, if it has exactly one and that is on the list.
pub(super) fn allowed_origin<'a>(door: &Door, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
    let mut origins = headers.get_all(ORIGIN);
    let origin = origins.next()?;
    let is_listed = door
        .origins
        .iter()
        .any(|listed| listed.as_str().as_bytes() == origin.as_bytes());
    (is_listed && origins.next().is_none()).then_some(origin)
}

fn comes_from_a_known_place(door: &Door, headers: &HeaderMap) -> bool {
    if headers.contains_key(ORIGIN) {
        return allowed_origin(door, headers).is_some();
    }
    headers
        .get_all(SEC_FETCH_SITE)
        .all(|site| site == "same-origin" || site == "none")
}

/// A page's own word for where its form goes to comes first: an `Origin` of `null` is what a page sends that hides where it is.
fn comes_from_a_page_of_ours(door: &Door, headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all(SEC_FETCH_SITE).peekable();
    if sites.peek().is_some() && sites.all(|site| site == "same-origin") {
        return true;
    }
    let tells = headers.contains_key(SEC_FETCH_SITE) || headers.contains_key(ORIGIN);
    !tells || allowed_origin(door, headers).is_some()
}

fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "content-type, x-csrf-token, if-match"))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

/// Whether the body is of this type; parameters such as a charset change nothing, bodies are UTF-8.
pub(crate) fn has_content_type(headers: &HeaderMap, wanted: &str) -> bool {
    let mut kinds = headers.get_all(CONTENT_TYPE);
    let is_wanted = kinds.next().is_some_and(|kind| {
        let essence = kind.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes())
    });
    is_wanted && kinds.next().is_none()
}

/// How long the client says the body is.
pub(crate) fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// In HTTP/1.1 there is a body exactly when one of these says so (RFC 9112, section 6.3).
fn announces_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING) || announced_length(headers).is_some_and(|length| length > 0)
}
