//! The cookie under which a sign-in waits for its second factor.

use actix_web::http::header::HeaderValue;
use rookery_core::SecondFactorRequired;
use rookery_domain::Timestamp;

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
    pub(crate) fn challenging(self, required: &SecondFactorRequired, now: Timestamp) -> HeaderValue {
        self.lasting(self.challenge_name(), &required.token.expose(), required.expires - now)
    }
}
