//! The headers every response carries, whatever became of the request.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};

use super::cross_site::allowed_origin;
use super::request_id::{RequestId, X_REQUEST_ID};
use crate::door::Door;

/// Nothing that this service says is a page, so nothing in it may load, frame or run (OWASP HTTP Headers Cheat Sheet).
const NOTHING_RUNS: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

const FIXED: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-site"),
    (VARY, "Origin, Cookie"),
];

/// What depends on the request, kept until the response is there.
pub(super) struct ResponseHeaders {
    origin: Option<HeaderValue>,
    https: bool,
}

impl ResponseHeaders {
    pub(super) fn answering(request: &ServiceRequest, door: &Door) -> Self {
        Self {
            origin: allowed_origin(door, request.headers()).cloned(),
            https: door.https,
        }
    }

    pub(super) fn set_on(self, mut response: HttpResponse, id: &RequestId) -> HttpResponse {
        let headers = response.headers_mut();
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        // The page of the documentation brings its own policy.
        if !headers.contains_key(CONTENT_SECURITY_POLICY) {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING_RUNS));
        }
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        if self.https {
            let two_years = "max-age=63072000; includeSubDomains";
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(two_years));
        }
        if let Some(origin) = self.origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(
                ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("x-request-id, retry-after, ratelimit, ratelimit-policy"),
            );
        }
        headers.insert(X_REQUEST_ID, id.header());
        response
    }
}
