//! The cookie by which a browser is known that somebody has signed in with.
//!
//! It opens nothing: it only says that attempts come from a browser of the person's, and so count against that browser
//! alone. It stays when the person signs out.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderValue;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use rookery_domain::DeviceToken;

use crate::credentials::cookies;
use crate::door::Door;
use crate::session_cookie::CookieMode;

/// A year: longer than that nobody is remembered who does not come.
const LIFE: chrono::Duration = chrono::Duration::days(365);

impl CookieMode {
    /// The name of the cookie that carries a device's token.
    #[must_use]
    pub const fn device_name(self) -> &'static str {
        match self {
            Self::Https => "__Host-did",
            Self::PlainLoopback => "did",
        }
    }

    /// The `Set-Cookie` that makes a browser known for another year.
    #[must_use]
    pub fn knowing(self, device: &DeviceToken) -> HeaderValue {
        self.lasting(self.device_name(), &device.expose(), LIFE)
    }
}

/// The device's token a request shows, if it shows one and no more.
pub struct HeldDevice(pub Option<DeviceToken>);

impl FromRequest for HeldDevice {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let held = request.app_data::<Data<Door>>().and_then(|door| {
            let mut shown = cookies(request.headers(), door.cookie.device_name());
            let first = shown.next()?;
            shown
                .all(|other| other == first)
                .then(|| std::str::from_utf8(first).ok().and_then(DeviceToken::parse))?
        });
        ready(Ok(Self(held)))
    }
}
