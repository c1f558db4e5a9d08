//! Counting requests at the door, and saying how many more there may be.

use std::cell::RefCell;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::{Ready, ready};
use rookery_core::{Level, Limit, Refusal, Rule, Subject, Throttle, ThrottleError};
use rookery_domain::UserId;
use tracing::warn;

use crate::door::Door;
use crate::gate::client_network;
use crate::problem::{Problem, whole_seconds};

/// What may be done how often, in how many seconds (draft-ietf-httpapi-ratelimit-headers).
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// How much of it is left, for how many seconds.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The counter at the door, for a handler.
pub struct Counter {
    throttle: Option<Throttle>,
    network: Subject,
    levels: Levels,
}

/// What was counted for one request.
#[derive(Clone, Default)]
pub(crate) struct Levels(Rc<RefCell<Option<Level>>>);

impl Counter {
    /// The counter for this request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let told = request.extensions().get::<Levels>().cloned();
        let levels = told.unwrap_or_else(|| {
            let levels = Levels::default();
            request.extensions_mut().insert(levels.clone());
            levels
        });
        Self {
            throttle: request.app_data::<Data<Door>>().map(|door| door.throttle.clone()),
            network: client_network(request),
            levels,
        }
    }

    /// Says nothing of what was counted for this request.
    pub(crate) fn say_nothing(request: &HttpRequest) {
        request.extensions_mut().remove::<Levels>();
    }

    /// Counts something that strangers do, by the network they come from. Counters that do not answer let nobody pass.
    ///
    /// # Errors
    /// [`Problem::TooMany`]; [`Problem::Unavailable`] when the counters do not answer.
    pub async fn network(&self, limit: Limit) -> Result<(), Problem> {
        self.take(limit, &self.network).await.map_err(Problem::from)
    }

    /// Counts a request without a session, by network.
    ///
    /// # Errors
    /// [`Problem::TooMany`]
    pub async fn anonymous(&self) -> Result<(), Problem> {
        allowed_without_an_answer(self.take(Limit::AnonymousNetwork, &self.network).await)
    }

    /// Counts a picture that is looked at, by network.
    ///
    /// # Errors
    /// [`Problem::TooMany`]
    pub async fn picture(&self) -> Result<(), Problem> {
        allowed_without_an_answer(self.take(Limit::PictureReadsNetwork, &self.network).await)
    }

    /// Counts a request with a session, by person.
    ///
    /// # Errors
    /// [`Problem::TooMany`]
    pub async fn person(&self, user: UserId) -> Result<(), Problem> {
        allowed_without_an_answer(self.take(Limit::ReadsUser, &Subject::User(user)).await)
    }

    async fn take(&self, limit: Limit, subject: &Subject) -> Result<(), ThrottleError> {
        let Some(throttle) = &self.throttle else { return Ok(()) };
        let level = throttle.take(limit, subject).await?;
        self.levels.0.replace(Some(level));
        Ok(())
    }
}

/// What guards no secret goes on when the counters do not answer: the request will find out by itself how the database is.
fn allowed_without_an_answer(taken: Result<(), ThrottleError>) -> Result<(), Problem> {
    match taken {
        Ok(()) => Ok(()),
        Err(ThrottleError::Refused(refusal)) => Err(refusal.into()),
        Err(ThrottleError::Port(error)) => {
            warn!(error = error.chain(), "requests are not counted");
            Ok(())
        }
    }
}

impl FromRequest for Counter {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl Levels {
    /// Says what was counted, if anything was.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        if let Some(Level {
            limit,
            rule: Some(rule),
            remaining,
            resets_in,
        }) = *self.0.borrow()
        {
            write(headers, limit, rule, remaining, whole_seconds(resets_in));
        }
    }
}

/// Says what was refused.
pub(crate) fn tell_refusal(refusal: &Refusal, headers: &mut HeaderMap) {
    write(headers, refusal.limit, refusal.rule, 0, whole_seconds(refusal.retry_in));
}

/// Both are structured fields (RFC 9651): lists of a string with parameters.
fn write(headers: &mut HeaderMap, limit: Limit, rule: Rule, remaining: u32, seconds: u32) {
    let name = limit.name();
    let policy = format!("\"{name}\";q={};w={}", rule.quota, rule.window.num_seconds());
    let left = format!("\"{name}\";r={remaining};t={seconds}");
    for (header, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, left)] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(header, value);
        }
    }
}
