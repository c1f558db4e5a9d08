//! What somebody signs in with, told in words a person recognises: "Firefox on Linux".
//!
//! A client calls itself what it likes, so this is a courtesy and no proof: it helps people tell their own sessions apart,
//! and nothing is ever decided by it. All words are ours; not a character of what the client sent is repeated.
//!
//! Why a table of our own instead of a crate: the one small crate for this was last released in 2021 and knows the
//! products of then; the others carry thousands of regular expressions, which take a fifth of a second and megabytes to
//! prepare. Browsers freeze what they tell beyond brand and system anyway, and brand and system are all that is asked.

use std::fmt;

/// What kind of thing it is, as far as it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A desk or lap computer.
    Computer,
    /// A phone.
    Phone,
    /// A tablet. Some, the iPad among them, call themselves a computer unless told otherwise.
    Tablet,
    /// No browser: a script, a library, another service.
    Program,
    /// It does not say, or says something nobody here knows.
    #[default]
    Unknown,
}

impl DeviceKind {
    /// The word the wire uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Computer => "computer",
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Program => "program",
            Self::Unknown => "unknown",
        }
    }
}

/// A device, by what its client calls itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Device {
    /// The browser or program, such as `Firefox`.
    pub browser: Option<&'static str>,
    /// The operating system, such as `Linux`.
    pub system: Option<&'static str>,
    /// What kind of thing it is.
    pub kind: DeviceKind,
}

impl Device {
    /// The device that calls itself so in a `User-Agent` header. Whatever is not recognised is left out.
    #[must_use]
    pub fn calling_itself(user_agent: &str) -> Self {
        let said = |mark: &str| user_agent.contains(mark);
        let system = SYSTEMS.iter().find(|(mark, ..)| said(mark));
        let program = PROGRAMS.iter().find(|(mark, _)| said(mark));
        let browser = BROWSERS.iter().find(|(mark, _)| said(mark));
        let kind = match (program, system) {
            (Some(_), _) => DeviceKind::Program,
            (None, Some((_, "Android", _))) if !said("Mobile") => DeviceKind::Tablet,
            (None, Some((.., kind))) => *kind,
            (None, None) => DeviceKind::Unknown,
        };
        Self {
            browser: program.or(browser).map(|(_, name)| *name),
            system: system.map(|(_, name, _)| *name),
            kind,
        }
    }
}

impl Device {
    /// The device these words tell of: what [`Display`](fmt::Display) writes, read back without its kind. Of other words
    /// nothing is believed.
    #[must_use]
    pub fn told_as(words: &str) -> Self {
        let (browser, system) = words.split_once(" on ").unwrap_or((words, ""));
        let names = || PROGRAMS.iter().chain(&BROWSERS).map(|(_, name)| *name);
        Self {
            browser: names().find(|name| *name == browser),
            system: SYSTEMS.iter().map(|(_, name, _)| *name).find(|name| *name == system),
            kind: DeviceKind::Unknown,
        }
    }
}

/// `Firefox on Linux`; what is unknown is said to be.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => write!(f, "{browser} on {system}"),
            (Some(browser), None) => f.write_str(browser),
            (None, Some(system)) => write!(f, "Unknown browser on {system}"),
            (None, None) => f.write_str("Unknown device"),
        }
    }
}

/// What a system writes, its name, and what it runs on. The first that is found counts, for later ones claim to be earlier ones:
/// a Windows phone also says Android and iPhone, Android says Linux, Chrome OS says X11.
const SYSTEMS: [(&str, &str, DeviceKind); 18] = [
    ("Windows Phone", "Windows Phone", DeviceKind::Phone),
    ("Windows", "Windows", DeviceKind::Computer),
    ("KAIOS", "KaiOS", DeviceKind::Phone),
    ("HarmonyOS", "HarmonyOS", DeviceKind::Phone),
    ("OpenHarmony", "HarmonyOS", DeviceKind::Phone),
    ("Android", "Android", DeviceKind::Phone),
    ("iPad", "iPadOS", DeviceKind::Tablet),
    ("iPhone", "iOS", DeviceKind::Phone),
    ("iPod", "iOS", DeviceKind::Phone),
    ("Macintosh", "macOS", DeviceKind::Computer),
    ("Mac OS X", "macOS", DeviceKind::Computer),
    ("CrOS", "ChromeOS", DeviceKind::Computer),
    ("FreeBSD", "FreeBSD", DeviceKind::Computer),
    ("OpenBSD", "OpenBSD", DeviceKind::Computer),
    ("NetBSD", "NetBSD", DeviceKind::Computer),
    ("Linux", "Linux", DeviceKind::Computer),
    ("linux", "Linux", DeviceKind::Computer),
    ("X11", "Linux", DeviceKind::Computer),
];

/// What a browser writes, and its name. Nearly all claim to be Safari, many to be Chrome, so those two come last.
const BROWSERS: [(&str, &str); 30] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edge/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPX/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("UCBrowser/", "UC Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("Ddg/", "DuckDuckGo"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Brave/", "Brave"),
    ("Whale/", "Whale"),
    ("FxiOS/", "Firefox"),
    ("Focus/", "Firefox"),
    ("Klar/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("GSA/", "Google app"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("MSIE ", "Internet Explorer"),
    ("Trident/", "Internet Explorer"),
    ("Safari/", "Safari"),
];

/// What a program writes, and its name.
const PROGRAMS: [(&str, &str); 25] = [
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("HTTPie/", "HTTPie"),
    ("PostmanRuntime/", "Postman"),
    ("insomnia/", "Insomnia"),
    ("PowerShell/", "PowerShell"),
    ("python-requests/", "Python"),
    ("python-httpx/", "Python"),
    ("Python-urllib/", "Python"),
    ("aiohttp/", "Python"),
    ("Go-http-client/", "Go"),
    ("okhttp/", "OkHttp"),
    ("Apache-HttpClient/", "Java"),
    ("Java/", "Java"),
    ("axios/", "Node.js"),
    ("node-fetch", "Node.js"),
    ("undici", "Node.js"),
    ("Deno/", "Deno"),
    ("Bun/", "Bun"),
    ("Dart/", "Dart"),
    ("reqwest/", "Rust"),
    ("ureq/", "Rust"),
    ("GuzzleHttp/", "PHP"),
    ("Ruby", "Ruby"),
    ("CFNetwork/", "Apple app"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_told_of_a_device_is_understood() {
        let names = PROGRAMS.iter().chain(&BROWSERS).map(|(_, name)| Some(*name));
        for browser in names.chain([None]) {
            for system in SYSTEMS.iter().map(|(_, name, _)| Some(*name)).chain([None]) {
                let device = Device {
                    browser,
                    system,
                    kind: DeviceKind::Unknown,
                };
                assert_eq!(Device::told_as(&device.to_string()), device);
            }
        }
        for words in ["", "on", "Netscape on Linux on Firefox", "<b> on <i>"] {
            assert_eq!(Device::told_as(words).browser, None, "{words}");
        }
    }

    #[test]
    fn common_browsers_are_told_in_words_people_know() {
        for (user_agent, words, kind) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
                "Firefox on Linux",
                "computer",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "Chrome on Windows",
                "computer",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "Edge on Windows",
                "computer",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
                "Safari on macOS",
                "computer",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iOS",
                "phone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPadOS",
                "tablet",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
                "phone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36",
                "Samsung Internet on Android",
                "tablet",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                "Chrome on ChromeOS",
                "computer",
            ),
            (
                "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 Chrome/52.0 Mobile Safari/537.36 Edge/15.15063",
                "Edge on Windows Phone",
                "phone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
                "Internet Explorer on Windows",
                "computer",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                "Unknown browser on iOS",
                "phone",
            ),
            ("curl/8.14.1", "curl", "program"),
            ("Wget/1.25.0 (linux-gnu)", "Wget on Linux", "program"),
            ("python-requests/2.32", "Python", "program"),
            ("Rookery/1 (a program of somebody's)", "Unknown device", "unknown"),
            ("", "Unknown device", "unknown"),
        ] {
            let device = Device::calling_itself(user_agent);
            assert_eq!(
                (device.to_string().as_str(), device.kind.as_str()),
                (words, kind),
                "{user_agent}"
            );
        }
    }

    #[test]
    fn no_mark_hides_behind_one_that_stands_before_it() {
        for (at, (mark, name)) in BROWSERS.iter().enumerate() {
            let found = BROWSERS.iter().position(|(earlier, _)| mark.contains(earlier));
            assert!(found == Some(at) || BROWSERS[found.unwrap()].1 == *name, "{mark}");
        }
        for (at, (mark, ..)) in SYSTEMS.iter().enumerate() {
            assert_eq!(
                SYSTEMS.iter().position(|(earlier, ..)| mark.contains(earlier)),
                Some(at)
            );
        }
    }

    #[test]
    fn what_a_client_sends_is_never_repeated() {
        let device = Device::calling_itself("<script>alert('Firefox/1')</script> Linux \u{202e}");
        assert_eq!(device.to_string(), "Firefox on Linux");
    }

    proptest! {
        #[test]
        fn any_text_has_words(user_agent in any::<String>()) {
            prop_assert!(!Device::calling_itself(&user_agent).to_string().is_empty());
        }

        #[test]
        fn any_mix_of_marks_has_words_of_ours(parts in prop::collection::vec(0..(SYSTEMS.len() + BROWSERS.len() + PROGRAMS.len()), 0..40)) {
            let marks: Vec<&str> = SYSTEMS.iter().map(|(mark, ..)| *mark)
                .chain(BROWSERS.iter().map(|(mark, _)| *mark))
                .chain(PROGRAMS.iter().map(|(mark, _)| *mark))
                .collect();
            let text: Vec<&str> = parts.into_iter().map(|part| marks[part]).collect();
            let device = Device::calling_itself(&text.join(";"));
            prop_assert!(device.to_string().len() <= 48);
            prop_assert_eq!(text.is_empty(), device == Device::default());
        }
    }
}
