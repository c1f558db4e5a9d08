//! This door speaks JSON.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use rookery_door::{Bodies, Luggage, Problem, Voice};

use crate::mount::PICTURE;
use crate::view;

/// JSON in, JSON out.
pub(crate) struct Json;

impl Voice for Json {
    const BODIES: Bodies = Bodies::Json;
    const MEDIA_TYPE: &'static str = "application/json";
    const HEADERS: &'static [(&'static str, &'static str)] = &[
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-site"),
        ("vary", "Origin, Cookie"),
    ];
    /// Nothing that is said here is a page, so nothing in it may load, frame or run (OWASP HTTP Headers Cheat Sheet).
    const POLICY: &'static str =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

    type Heard = ();

    fn luggage(&self, request: &ServiceRequest) -> Luggage {
        // Below `/api`, which the scope around this door stands for.
        let path = request.match_info().unprocessed();
        let path = path.strip_prefix("/v1").unwrap_or(path);
        if path == PICTURE && request.method() == Method::PUT {
            Luggage::Picture
        } else {
            Luggage::Fields
        }
    }

    fn hear(&self, _: &ServiceRequest) {}

    fn tell(&self, (): &(), problem: &Problem, request_id: &str) -> HttpResponse {
        view::problem(problem, request_id)
    }
}
