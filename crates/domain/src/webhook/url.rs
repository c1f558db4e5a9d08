//! Where a webhook's events are sent.

use std::fmt;

use thiserror::Error;
use url::{Host, Url};

/// Longest URL that is taken.
const LONGEST: usize = 2_048;
/// The ports of https that people serve the public on.
const PORTS: [u16; 2] = [443, 8_443];

/// How strict an installation is about where it sends events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlRules {
    /// https on port 443 or 8443.
    Production,
    /// https on any port; http too, to this very machine.
    Development,
}

/// A place that account events are sent to: a whole URL without user, password and fragment.
///
/// That its host leads to a public address is not known here: names are looked up when something is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

/// Why a text is no such place.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidWebhookUrl {
    /// It is no URL with a host, or too long.
    #[error("a webhook's URL looks like https://example.com/hooks, and has at most 2048 characters")]
    Spelling,
    /// It would travel readable.
    #[error("a webhook's URL is https")]
    Scheme,
    /// Secrets in a URL end up in logs; and events are signed already.
    #[error("a webhook's URL holds no user and no password")]
    Credentials,
    /// A fragment is never sent.
    #[error("a webhook's URL holds no fragment")]
    Fragment,
    /// A port nobody serves https to the public on.
    #[error("a webhook's URL has port 443 or 8443")]
    Port,
}

impl WebhookUrl {
    /// Parses a URL, with an international host in its ASCII spelling and an address in its usual one afterwards.
    ///
    /// # Errors
    /// [`InvalidWebhookUrl`]
    pub fn parse(text: &str, rules: UrlRules) -> Result<Self, InvalidWebhookUrl> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(InvalidWebhookUrl::Spelling);
        }
        let url = Url::parse(text).map_err(|_| InvalidWebhookUrl::Spelling)?;
        if !url.has_host() {
            return Err(InvalidWebhookUrl::Spelling);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidWebhookUrl::Credentials);
        }
        if url.fragment().is_some() {
            return Err(InvalidWebhookUrl::Fragment);
        }
        let url = Self(url);
        url.obeys(rules).map(|()| url)
    }

    /// Whether an installation with these rules sends anything there: a URL may have been stored under others.
    ///
    /// # Errors
    /// [`InvalidWebhookUrl`] with what is against it.
    pub fn obeys(&self, rules: UrlRules) -> Result<(), InvalidWebhookUrl> {
        match (self.0.scheme(), rules) {
            ("https", UrlRules::Development) => Ok(()),
            ("https", UrlRules::Production) if PORTS.contains(&self.port()) => Ok(()),
            ("https", UrlRules::Production) => Err(InvalidWebhookUrl::Port),
            ("http", UrlRules::Development) if self.names_this_machine() => Ok(()),
            _ => Err(InvalidWebhookUrl::Scheme),
        }
    }

    /// Whether the host says in so many words that it is this machine: `localhost` or a loopback address.
    #[must_use]
    pub fn names_this_machine(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// The text of it, for rows, requests and the people who run the receiver.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(0)
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(text: &str, rules: UrlRules) -> InvalidWebhookUrl {
        WebhookUrl::parse(text, rules).unwrap_err()
    }

    #[test]
    fn a_url_is_https_on_a_public_port() {
        for text in [
            "https://example.com/hooks?for=rookery",
            "https://example.com:8443/",
            "HTTPS://EXAMPLE.com",
        ] {
            assert!(WebhookUrl::parse(text, UrlRules::Production).is_ok(), "{text}");
        }
        for (text, why) in [
            ("", InvalidWebhookUrl::Spelling),
            ("example.com/hooks", InvalidWebhookUrl::Spelling),
            ("https://", InvalidWebhookUrl::Spelling),
            ("mailto:ada@example.com", InvalidWebhookUrl::Spelling),
            ("http://example.com/", InvalidWebhookUrl::Scheme),
            ("http://localhost/", InvalidWebhookUrl::Scheme),
            ("ftp://example.com/", InvalidWebhookUrl::Scheme),
            ("gopher://example.com/", InvalidWebhookUrl::Scheme),
            ("https://ada@example.com/", InvalidWebhookUrl::Credentials),
            ("https://:pass@example.com/", InvalidWebhookUrl::Credentials),
            ("https://example.com/#here", InvalidWebhookUrl::Fragment),
            ("https://example.com:22/", InvalidWebhookUrl::Port),
        ] {
            assert_eq!(refusal(text, UrlRules::Production), why, "{text}");
        }
        let long = format!("https://example.com/{}", "x".repeat(LONGEST));
        assert_eq!(refusal(&long, UrlRules::Production), InvalidWebhookUrl::Spelling);
    }

    #[test]
    fn development_takes_any_port_and_http_to_this_machine_alone() {
        for text in [
            "https://example.com:9000/",
            "http://localhost:3000/hooks",
            "http://127.0.0.1:3000/",
            "http://[::1]:3000/",
        ] {
            assert!(WebhookUrl::parse(text, UrlRules::Development).is_ok(), "{text}");
        }
        for text in [
            "http://example.com/",
            "http://192.168.0.1/",
            "http://localhost.example.com/",
        ] {
            assert_eq!(
                refusal(text, UrlRules::Development),
                InvalidWebhookUrl::Scheme,
                "{text}"
            );
        }
    }

    /// A68: an address written so that a glance does not know it again is written plainly afterwards.
    #[test]
    fn a68_an_address_in_disguise_is_spelt_out() {
        for (text, plain) in [
            ("https://2130706433/", "https://127.0.0.1/"),
            ("https://0x7f.1/", "https://127.0.0.1/"),
            ("https://0177.0.0.1/", "https://127.0.0.1/"),
            ("https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", "https://127.0.0.1/"),
        ] {
            let url = WebhookUrl::parse(text, UrlRules::Production).unwrap();
            assert_eq!(url.as_str(), plain);
            assert!(url.names_this_machine());
        }
    }

    proptest! {
        #[test]
        fn whatever_parses_prints_and_parses_back(text in ".*") {
            if let Ok(url) = WebhookUrl::parse(&text, UrlRules::Development) {
                prop_assert_eq!(WebhookUrl::parse(url.as_str(), UrlRules::Development), Ok(url));
            }
        }

        #[test]
        fn a_host_prints_and_parses_back(host in "[a-z0-9.]{1,20}", path in "[a-z/?=%]{0,10}") {
            if let Ok(url) = WebhookUrl::parse(&format!("https://{host}/{path}"), UrlRules::Production) {
                prop_assert_eq!(WebhookUrl::parse(url.as_str(), UrlRules::Production), Ok(url));
            }
        }
    }
}
