//! The cookie under which a sign-in waits for its second factor.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderValue;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use rookery_core::SecondFactorRequired;
use rookery_domain::{ChallengeToken, Timestamp};

use crate::credentials::cookies;
use crate::door::Door;
use crate::session_cookie::CookieMode;

impl CookieMode {
    /// The name of the cookie that carries a challenge's token.
    #[must_use]
    pub const fn challenge_name(self) -> &'static str {
        match self {
            Self::Https => "__Host-mfa",
            Self::PlainLoopback => "mfa",
        }
    }

    /// The `Set-Cookie` under which the second step knows the first.
    #[must_use]
    pub fn challenging(self, required: &SecondFactorRequired, now: Timestamp) -> HeaderValue {
        self.lasting(self.challenge_name(), &required.token.expose(), required.expires - now)
    }
    /// The `Set-Cookie` that takes it away once the second step is over.
    #[must_use]
    pub fn challenge_over(self) -> HeaderValue {
        self.ended(self.challenge_name())
    }
}

/// The challenge's token a request shows, if it shows one and no more.
pub struct HeldChallenge(pub Option<ChallengeToken>);

impl FromRequest for HeldChallenge {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let held = request.app_data::<Data<Door>>().and_then(|door| {
            let mut shown = cookies(request.headers(), door.cookie.challenge_name());
            let first = shown.next()?;
            shown
                .all(|other| other == first)
                .then(|| std::str::from_utf8(first).ok().and_then(ChallengeToken::parse))?
        });
        ready(Ok(Self(held)))
    }
}
