//! The headers every response carries, whatever became of the request.

use std::marker::PhantomData;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, STRICT_TRANSPORT_SECURITY,
};

use super::cross_site::allowed_origin;
use super::request_id::{RequestId, X_REQUEST_ID};
use crate::door::Door;
use crate::voice::{Bodies, Voice};

/// What every answer of the house says, whichever door it comes from.
const FIXED: [(&str, &str); 2] = [
    ("x-content-type-options", "nosniff"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// What depends on the request, kept until the response is there.
pub(super) struct ResponseHeaders<V> {
    origin: Option<HeaderValue>,
    https: bool,
    voice: PhantomData<V>,
}

impl<V: Voice> ResponseHeaders<V> {
    pub(super) fn answering(request: &ServiceRequest, door: &Door) -> Self {
        let readers = match V::BODIES {
            Bodies::Json => allowed_origin(door, request.headers()).cloned(),
            Bodies::Forms => None,
        };
        Self {
            origin: readers,
            https: door.https,
            voice: PhantomData,
        }
    }

    pub(super) fn set_on(self, mut response: HttpResponse, id: &RequestId) -> HttpResponse {
        let headers = response.headers_mut();
        for (name, value) in FIXED {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        for (name, value) in V::HEADERS {
            // What is the same for everybody, such as a picture, says so itself.
            if !headers.contains_key(*name) {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
        // What is more than an answer of its door, such as the page of the documentation, brings its own policy.
        if !headers.contains_key(CONTENT_SECURITY_POLICY) {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(V::POLICY));
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
                HeaderValue::from_static(
                    "x-request-id, retry-after, ratelimit, ratelimit-policy, etag, link, content-disposition",
                ),
            );
        }
        headers.insert(X_REQUEST_ID, id.header());
        response
    }
}
