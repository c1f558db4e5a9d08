//! What the log says of a request: no address, no mail, no token, no query, no path as it was sent.

use std::any::Any;
use std::time::Instant;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use tracing::{error, info};

use super::request_id::RequestId;
use crate::problem::Problem;
use crate::resource::Mounted;

/// One event for every request.
pub(super) fn record(
    method: &Method,
    request: Option<&HttpRequest>,
    response: &HttpResponse,
    started: Instant,
    id: &RequestId,
) {
    let route = request.and_then(|request| request.app_data::<Mounted>());
    info!(
        method = method.as_str(),
        route = route.map_or("-", |mounted| mounted.pattern.as_str()),
        status = response.status().as_u16(),
        latency_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        request_id = id.as_str(),
        "request"
    );
}

/// The one place where a failure's causes are told.
pub(super) fn explain(problem: &Problem, id: &RequestId) {
    if let Some(cause) = problem.cause() {
        error!(
            code = problem.code(),
            cause,
            request_id = id.as_str(),
            "a request failed"
        );
    }
}

/// What a panic said, for the log.
pub(super) fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a handler panicked: {}", words.unwrap_or("without a word"))
}
