//! A chunked body that nobody read to its end, and why its connection must close.
//!
//! After the answer actix reads the rest of a dropped chunked body for as long as the client cares to send it, with no limit
//! of time: whoever drips a byte now and then would keep the connection for ever. While the body is still held, actix
//! closes instead. So it is held until the answer is sent.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpResponse};
use futures_util::{Stream, StreamExt};

/// A request's chunked body, while its handler may be reading it.
pub(super) struct UnreadBody(Option<Shared>);

#[derive(Clone)]
struct Shared(Rc<RefCell<Payload>>);

impl UnreadBody {
    /// Shares the body with whoever reads it. Bodies of a known length need no care: actix closes after those by itself.
    pub(super) fn of(request: &mut ServiceRequest) -> Self {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return Self(None);
        }
        let shared = Shared(Rc::new(RefCell::new(request.take_payload())));
        request.set_payload(Payload::Stream {
            payload: shared.clone().boxed_local(),
        });
        Self(Some(shared))
    }

    /// The answer, which holds the body for as long as it is being sent.
    pub(super) fn held_by(self, response: HttpResponse) -> HttpResponse {
        match self.0 {
            None => response,
            Some(unread) => response.map_body(|_, body| Holding { body, _unread: unread }.boxed()),
        }
    }
}

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next_unpin(context)
    }
}

struct Holding {
    body: BoxBody,
    _unread: Shared,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
