//! The cookie that carries a session.

use actix_web::http::header::HeaderValue;
use rookery_domain::{SessionToken, Timestamp};
use thiserror::Error;
use url::Url;

/// How the session cookie is named and sent, as the public URL asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieMode {
    /// `__Host-sid` with `Secure`: no other host, no sub-domain and no plain-text connection can set or read it
    /// (RFC 6265bis, section 4.1.3.2).
    Https,
    /// `sid` without `Secure`: for developing on this machine, where several clients drop secure cookies.
    PlainLoopback,
}

/// The public URL is plain http and not on this machine: a session cookie would travel readable.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the public URL must be https, or http on localhost or 127.0.0.1")]
pub struct InsecurePublicUrl;

impl CookieMode {
    /// The mode for a service that people reach at this address.
    ///
    /// # Errors
    /// [`InsecurePublicUrl`] for anything but https, `http://localhost` and `http://127.0.0.1`.
    pub fn for_url(public_url: &Url) -> Result<Self, InsecurePublicUrl> {
        match (public_url.scheme(), public_url.host_str()) {
            ("https", Some(_)) => Ok(Self::Https),
            ("http", Some("localhost" | "127.0.0.1")) => Ok(Self::PlainLoopback),
            _ => Err(InsecurePublicUrl),
        }
    }

    /// The cookie's name; case matters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Https => "__Host-sid",
            Self::PlainLoopback => "sid",
        }
    }

    const fn attributes(self) -> &'static str {
        match self {
            Self::Https => "Path=/; HttpOnly; SameSite=Lax; Secure",
            Self::PlainLoopback => "Path=/; HttpOnly; SameSite=Lax",
        }
    }

    /// The `Set-Cookie` that starts or renews a session. It outlives the browser only when the session is remembered.
    pub fn carrying(self, token: &SessionToken, remembered_until: Option<Timestamp>, now: Timestamp) -> HeaderValue {
        let lifetime = remembered_until.map_or_else(String::new, |end| {
            format!("; Max-Age={}", (end - now).num_seconds().max(0))
        });
        header_of(format!(
            "{}={}; {}{lifetime}",
            self.name(),
            token.expose(),
            self.attributes()
        ))
    }

    /// The `Set-Cookie` of another cookie of ours, which lasts this long.
    #[must_use]
    pub fn lasting(self, name: &str, value: &str, life: chrono::Duration) -> HeaderValue {
        header_of(format!(
            "{name}={value}; {}; Max-Age={}",
            self.attributes(),
            life.num_seconds()
        ))
    }

    /// The same for one that goes when the browser is closed.
    #[must_use]
    pub fn until_closed(self, name: &str, value: &str) -> HeaderValue {
        header_of(format!("{name}={value}; {}", self.attributes()))
    }

    /// The `Set-Cookie` that takes the cookie away: same name, same attributes.
    #[must_use]
    pub fn cleared(self) -> HeaderValue {
        self.ended(self.name())
    }

    /// The same for another cookie of ours.
    #[must_use]
    pub fn ended(self, name: &str) -> HeaderValue {
        let epoch = "Thu, 01 Jan 1970 00:00:00 GMT";
        header_of(format!("{name}=; {}; Max-Age=0; Expires={epoch}", self.attributes()))
    }
}

/// A cookie of ours is ASCII without control characters: base64url, digits and the words above.
fn header_of(cookie: String) -> HeaderValue {
    let mut value = HeaderValue::try_from(cookie).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: ASVS 3.3.1, 12.2.1
    #[test]
    fn only_https_and_this_machine_may_carry_sessions() {
        for (url, mode) in [
            ("https://app.example.com", Ok(CookieMode::Https)),
            ("https://localhost:8443", Ok(CookieMode::Https)),
            ("http://localhost:8080", Ok(CookieMode::PlainLoopback)),
            ("http://127.0.0.1:8080/", Ok(CookieMode::PlainLoopback)),
            ("http://app.example.com", Err(InsecurePublicUrl)),
            ("http://localhost.example.com", Err(InsecurePublicUrl)),
            ("http://127.0.0.2", Err(InsecurePublicUrl)),
            ("ftp://localhost", Err(InsecurePublicUrl)),
        ] {
            assert_eq!(CookieMode::for_url(&Url::parse(url).unwrap()), mode, "{url}");
        }
    }
}
