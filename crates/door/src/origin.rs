//! Where a page came from: scheme, host and port (RFC 6454).

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::Url;

/// The origin of a page over http or https, in the one spelling browsers send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// The text names no origin of a page over http or https.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an origin is http(s)://host[:port] without path, query or user")]
pub struct InvalidOrigin;

impl Origin {
    /// Parses `https://app.example.com:8443`; a single trailing slash is forgiven.
    ///
    /// # Errors
    /// [`InvalidOrigin`] for any other scheme, and for anything after the port or before the host.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let url = Url::parse(text).map_err(|_| InvalidOrigin)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        if bare && nobody {
            Self::of(&url)
        } else {
            Err(InvalidOrigin)
        }
    }

    /// The origin of whatever lives at this address.
    ///
    /// # Errors
    /// [`InvalidOrigin`] for any scheme but http and https.
    pub fn of(url: &Url) -> Result<Self, InvalidOrigin> {
        match url.scheme() {
            "http" | "https" => Ok(Self(url.origin().ascii_serialization())),
            _ => Err(InvalidOrigin),
        }
    }

    /// The spelling browsers send: lower case, without a default port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_spelling() {
        for (text, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("https://APP.example.com:443/", "https://app.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().as_str(), origin);
        }
    }

    #[test]
    fn what_is_more_or_less_than_an_origin_is_refused() {
        for text in [
            "",
            "null",
            "*",
            "app.example.com",
            "https://",
            "https://app.example.com/path",
            "https://app.example.com?x",
            "https://app.example.com#x",
            "https://ada@app.example.com",
            "ftp://app.example.com",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert_eq!(Origin::parse(text), Err(InvalidOrigin), "{text}");
        }
    }
}
