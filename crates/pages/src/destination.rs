//! Where somebody goes on to once they have done what was asked of them.

use rookery_door::Origin;
use url::Url;

/// Longer ones are nobody's address.
const LONGEST: usize = 2_000;

/// A place on this site or on one the operator has listed, and nothing else: never another scheme, never another host, never
/// a text that a browser reads otherwise than we do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination(String);

/// Which places there are.
#[derive(Clone, Debug)]
pub(crate) struct Destinations {
    home: Url,
    listed: Vec<Origin>,
}

impl Destinations {
    /// The site at this address, and others.
    pub(crate) fn new(home: Url, listed: &[Origin]) -> Self {
        let listed = Origin::of(&home).into_iter().chain(listed.iter().cloned());
        Self {
            listed: listed.collect(),
            home,
        }
    }

    /// The origins of the others.
    pub(crate) fn origins(&self) -> &[Origin] {
        self.listed.get(1..).unwrap_or_default()
    }

    /// The place a text names, if it is one of them.
    pub(crate) fn named(&self, text: &str) -> Option<Destination> {
        // Browsers drop control characters and blanks at the ends, and read a backslash as a slash.
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && c != '\\';
        if text.is_empty() || text.len() > LONGEST || !text.chars().all(is_plain) {
            return None;
        }
        if text.starts_with('/') {
            self.on_this_site(text)
        } else {
            self.elsewhere(text)
        }
    }

    fn on_this_site(&self, path: &str) -> Option<Destination> {
        let url = self
            .home
            .join(path)
            .ok()
            .filter(|url| url.origin() == self.home.origin())?;
        let place = &url[url::Position::BeforePath..];
        // Two slashes would begin another host.
        (!path.starts_with("//") && !place.starts_with("//")).then(|| Destination(place.to_owned()))
    }

    fn elsewhere(&self, text: &str) -> Option<Destination> {
        let url = Url::parse(text).ok()?;
        let origin = Origin::of(&url).ok()?;
        let nobody = url.username().is_empty() && url.password().is_none();
        (nobody && self.listed.contains(&origin)).then(|| Destination(url.into()))
    }
}

impl Destination {
    /// As it goes into `Location` and into links: ASCII without blanks.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destinations() -> Destinations {
        let listed = [Origin::parse("https://app.example.com").unwrap()];
        Destinations::new(Url::parse("https://id.example.com/account").unwrap(), &listed)
    }

    fn named(text: &str) -> Option<String> {
        destinations().named(text).map(|place| place.0)
    }

    // Proves: A70
    #[test]
    fn places_on_this_site_and_on_listed_ones_are_good() {
        for (text, place) in [
            ("/", "/"),
            ("/account/settings?tab=1#top", "/account/settings?tab=1#top"),
            ("/a/../b", "/b"),
            ("/ü", "/%C3%BC"),
            ("/search?q=//evil.example", "/search?q=//evil.example"),
            ("https://id.example.com/x", "https://id.example.com/x"),
            ("https://app.example.com", "https://app.example.com/"),
            (
                "https://app.example.com:443/inbox?x=1",
                "https://app.example.com/inbox?x=1",
            ),
            ("HTTPS://APP.example.com/", "https://app.example.com/"),
        ] {
            assert_eq!(named(text).as_deref(), Some(place), "{text}");
        }
    }

    // Proves: A70
    #[test]
    fn every_other_place_is_none() {
        let long = format!("/{}", "a".repeat(LONGEST));
        for text in [
            "",
            " /",
            "settings",
            "?x",
            "#x",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/.//evil.example",
            "/x/..//evil.example",
            "/%0d%0a/\r\nSet-Cookie: a=b",
            "http://app.example.com",
            "https://app.example.com.evil.example",
            "https://app.example.com@evil.example",
            "https://evil@app.example.com",
            "https://app.example.com:8443",
            "https:/evil.example",
            "https:evil.example",
            "https:///evil.example",
            "http://evil.example",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://app.example.com/x",
            "mailto:ada@example.com",
            "\u{0}/",
            "/\u{2028}x",
            "/\u{a0}x",
            "https://app.example.com\u{3002}evil.example",
            &long,
        ] {
            assert_eq!(named(text), None, "{text:?}");
        }
    }
}
