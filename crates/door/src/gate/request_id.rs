//! A name for every request, to find it again in a log.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderName, HeaderValue};

use crate::door::Door;

/// The header that carries it, both ways.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The client's own id when it is 8 to 64 letters, digits, dots, dashes and underscores, which can forge no log line and no
/// header; a new UUIDv7 otherwise.
#[derive(Clone)]
pub struct RequestId(String);

impl RequestId {
    pub(super) fn of(request: &ServiceRequest, door: &Door) -> Self {
        let theirs = request
            .headers()
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|text| is_acceptable(text));
        Self(theirs.map_or_else(|| door.request_id().to_string(), str::to_owned))
    }

    /// The id as it is told.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

fn is_acceptable(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (8..=64).contains(&text.len()) && text.bytes().all(is_plain)
}
