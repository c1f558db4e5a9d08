//! A form that was sent, with the proof that it is one of ours.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use rookery_door::Problem;
use rookery_door::body::Form;

use crate::visitor::Visitor;

/// The field of the token.
pub(crate) const TOKEN_FIELD: &str = "csrf";

/// A form of ours, not yet parsed. A handler that takes it last has everything else judged before.
pub(crate) struct Posted(pub(crate) Form);

impl FromRequest for Posted {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload);
        let form = Form::from_request(request, payload);
        Box::pin(async move {
            let (visitor, form) = (visitor.await?, form.await?);
            if visitor.sent(form.text(TOKEN_FIELD)) {
                Ok(Self(form))
            } else {
                Err(Problem::FormExpired.into())
            }
        })
    }
}
