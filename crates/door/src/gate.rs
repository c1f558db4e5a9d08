//! What every request passes before and after its handler.
//!
//! On the way in: a request id, the cross-site rule, the announced size. On the way out: every failure, of whatever making,
//! becomes a [`Problem`] told by the door's [`Voice`], the security headers are set, and one log event is written. A panic on
//! the way is a failure like any other.

mod caller;
mod cross_site;
mod request_id;
mod request_log;
mod response_headers;
mod unread_body;

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::error::InternalError;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;
use tracing::{Instrument, info_span};

use crate::door::Door;
use crate::problem::Problem;
use crate::rate_limit::{Levels, RATE_LIMIT, tell_refusal};
use crate::voice::Voice;

pub use caller::CallerInfo;
pub(crate) use caller::client_network;
pub(crate) use cross_site::{FORM, FORM_WITH_FILES, JSON, announced_length, has_content_type};
use cross_site::{Judgement, Rule, expect_no_body, judge};
pub use request_id::RequestId;
use response_headers::ResponseHeaders;
use unread_body::UnreadBody;

/// The gate around everything a door serves.
pub fn gate<V, S, B>(
    door: Data<Door>,
    voice: V,
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
where
    V: Voice,
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let voice = Rc::new(voice);
    from_fn(move |request: ServiceRequest, next: Next<B>| pass(door.clone(), Rc::clone(&voice), request, next))
}

async fn pass<V: Voice, B: MessageBody + 'static>(
    door: Data<Door>,
    voice: Rc<V>,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let method = request.method().clone();
    let id = RequestId::of(&request, &door);
    request.extensions_mut().insert(id.clone());
    let telling = Telling {
        heard: voice.hear(&request),
        voice: voice.as_ref(),
        id: &id,
    };
    let headers = ResponseHeaders::<V>::answering(&request, &door);
    let unread = UnreadBody::of(&mut request);
    let span = info_span!("request", request_id = id.as_str());

    let rule = Rule {
        bodies: V::BODIES,
        luggage: voice.luggage(&request),
    };
    let handled = AssertUnwindSafe(handle(&door, rule, request, &next).instrument(span));
    let outcome = handled.catch_unwind().await.unwrap_or_else(|panic| {
        let cause = request_log::words_of(panic.as_ref());
        Err(Problem::Internal { cause }.into())
    });
    match outcome {
        Ok(answer) => {
            let (request, response) = answer.into_parts();
            let mut response = telling.settled(response);
            if let Some(levels) = request.extensions().get::<Levels>()
                && !response.headers().contains_key(RATE_LIMIT)
            {
                levels.tell(response.headers_mut());
            }
            let response = unread.held_by(headers.set_on(response, &id));
            request_log::record(&method, Some(&request), &response, started, &id);
            Ok(ServiceResponse::new(request, response))
        }
        // The request went down with whatever failed; without it there is no ServiceResponse, so the answer travels in the
        // error, out of which actix takes it.
        Err(error) => {
            let response = unread.held_by(headers.set_on(telling.settled(HttpResponse::from_error(error)), &id));
            request_log::record(&method, None, &response, started, &id);
            Err(InternalError::from_response("the request was not handled", response).into())
        }
    }
}

async fn handle<B: MessageBody + 'static>(
    door: &Door,
    rule: Rule,
    mut request: ServiceRequest,
    next: &Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match judge(door, rule, &request) {
        Judgement::Pass => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
        Judgement::PassWithoutBody => match expect_no_body(rule, &mut request).await {
            Ok(()) => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
            Err(problem) => Ok(request.error_response(problem)),
        },
        Judgement::Answer(response) => Ok(request.into_response(response)),
        Judgement::Refuse(problem) => Ok(request.error_response(problem)),
    }
}

/// A problem on its way to whoever asked.
struct Telling<'a, V: Voice> {
    voice: &'a V,
    heard: V::Heard,
    id: &'a RequestId,
}

impl<V: Voice> Telling<'_, V> {
    /// The response as it goes out: every failure that does not speak like the door yet is made to.
    fn settled(&self, response: HttpResponse) -> HttpResponse {
        if response.error().is_none() && speaks_for_itself::<V>(&response) {
            return response;
        }
        let ours = response.error().and_then(|error| error.as_error::<Problem>());
        if let Some(problem) = ours {
            self.told(problem)
        } else {
            self.told(&Problem::of_foreign(response.status(), response.error()))
        }
    }

    fn told(&self, problem: &Problem) -> HttpResponse {
        request_log::explain(problem, self.id);
        told_in_headers(problem, self.voice.tell(&self.heard, problem, self.id.as_str()))
    }
}

fn speaks_for_itself<V: Voice>(response: &HttpResponse) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    !failed
        || response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind == V::MEDIA_TYPE)
}

/// The answer with the headers that its problem has, whatever the body says: when to ask again, how else, and which cookie is
/// over.
#[must_use]
pub fn told_in_headers(problem: &Problem, mut response: HttpResponse) -> HttpResponse {
    let is_unauthorized = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    if let Some(seconds) = problem.retry_after() {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if is_unauthorized {
        // Asked for by RFC 9110, section 15.5.2; no browser opens a dialogue for it.
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    match problem {
        Problem::MethodNotAllowed { allow } => {
            if let Ok(methods) = HeaderValue::from_str(allow) {
                headers.insert(ALLOW, methods);
            }
        }
        Problem::TooMany(refusal) => tell_refusal(refusal, headers),
        Problem::NothingToEnd { cleared_cookie } | Problem::ChallengeEnded { cleared_cookie } => {
            headers.append(SET_COOKIE, cleared_cookie.clone());
        }
        // What is left of the body is not worth reading.
        Problem::BodyTooSlow | Problem::PayloadTooLarge => {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        _ => {}
    }
    response
}
