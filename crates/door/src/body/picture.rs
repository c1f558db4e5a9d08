//! A picture that comes by itself.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use rookery_domain::MAX_PICTURE_UPLOAD;

use super::read_within;
use crate::gate::announced_length;
use crate::problem::Problem;

/// Longest a client may take to send one: 5 MiB in a minute are 0.7 Mbit/s.
pub const MAX_PICTURE_TIME: Duration = Duration::from_mins(1);

/// A picture that is still on its way. It is fetched when the handler asks for it, so that nobody sends megabytes who is not
/// signed in.
pub struct PictureBody {
    payload: Payload,
    announced: Option<u64>,
}

impl PictureBody {
    /// All of it.
    ///
    /// # Errors
    /// [`Problem::PayloadTooLarge`] over 5 MiB, [`Problem::BodyTooSlow`] after a minute, [`Problem::BadRequest`] when it ends
    /// halfway.
    pub async fn fetch(self) -> Result<Vec<u8>, Problem> {
        let body = read_within(self.payload, self.announced, MAX_PICTURE_UPLOAD, MAX_PICTURE_TIME).await?;
        Ok(body.into())
    }
}

impl FromRequest for PictureBody {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self {
            payload: payload.take(),
            announced: announced_length(request.headers()),
        }))
    }
}
