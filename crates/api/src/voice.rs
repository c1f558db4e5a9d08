//! This door speaks JSON.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use rookery_door::{Bodies, Problem, Voice};

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

    fn hear(&self, _: &ServiceRequest) {}

    fn tell(&self, (): &(), problem: &Problem, request_id: &str) -> HttpResponse {
        view::problem(problem, request_id)
    }
}
