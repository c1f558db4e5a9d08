//! What is written to the log, and how.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

use super::parse::{Demand, word};
use super::profile::Profile;
use super::reader::{Noted, Reader};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people at a terminal.
    Pretty,
    /// One JSON object a line, for programs.
    Json,
}

/// The log.
#[derive(Clone, Debug)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// What is written: `info`, or `warn,rookery_core=debug`.
    pub filter: Targets,
}

impl Log {
    pub(super) fn read(reader: &mut Reader, profile: Profile) -> Result<Self, Noted> {
        const WORDS: &[(&str, LogFormat)] = &[("pretty", LogFormat::Pretty), ("json", LogFormat::Json)];
        let format = reader.optional("log.format", word(WORDS));
        let filter = reader.value("log.filter", filter);
        let format = format?.unwrap_or_else(|| {
            let (word, format) = if profile.is_production() { WORDS[1] } else { WORDS[0] };
            reader.derive("log.format", &word);
            format
        });
        Ok(Self {
            format,
            filter: filter?,
        })
    }

    /// The same for a command whose answer is what matters: warnings and errors alone, however much was asked for.
    #[must_use]
    pub(crate) fn at_most_warnings(&self) -> Self {
        Self {
            format: self.format,
            filter: quiet().with_default(LevelFilter::WARN),
        }
    }
}

/// The web framework's part that calls it an error when a stranger sends what is no HTTP. Nothing is wrong with the service then,
/// and nobody is to be woken by it; whoever wants to read of it names this part in the filter.
const STRANGERS_NOISE: &str = "actix_http::h1::dispatcher";

/// A level for everything, or `module=level`, with commas between them. Stricter than the filters of `RUST_LOG`, for which
/// a misspelt level is the name of a module.
fn filter(text: &str) -> Result<Targets, Demand> {
    let mut targets = quiet();
    for rule in text.split(',').map(str::trim) {
        let (module, level) = match rule.split_once('=') {
            Some((module, level)) => (Some(module), level),
            None => (None, rule),
        };
        let level = Some(level).filter(|level| !level.is_empty());
        let Some(Ok(level)) = level.map(str::parse::<LevelFilter>) else {
            return Err(demand());
        };
        targets = match module {
            None => targets.with_default(level),
            Some(module) if is_module(module) => targets.with_target(module, level),
            Some(_) => return Err(demand()),
        };
    }
    Ok(targets)
}

fn quiet() -> Targets {
    Targets::new().with_target(STRANGERS_NOISE, LevelFilter::OFF)
}

fn is_module(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_:".contains(c))
}

fn demand() -> Demand {
    "be a level (off, error, warn, info, debug, trace) or a list such as warn,rookery_core=debug".to_owned()
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn a_level_holds_for_everything_that_has_none_of_its_own() {
        let filter = filter("warn, rookery_core::delivery=debug").unwrap();
        assert!(filter.would_enable("anything", &Level::WARN));
        assert!(!filter.would_enable("anything", &Level::INFO));
        assert!(filter.would_enable("rookery_core::delivery", &Level::DEBUG));
        assert!(!filter.would_enable("rookery_core::health", &Level::DEBUG));
    }

    #[test]
    fn what_strangers_send_that_is_no_http_is_no_error_unless_asked_for() {
        let target = "actix_http::h1::dispatcher";
        for text in ["info", "debug", "debug,actix_http=trace"] {
            assert!(!filter(text).unwrap().would_enable(target, &Level::ERROR), "{text}");
        }
        assert!(filter("info").unwrap().would_enable("actix_http", &Level::ERROR));
        let asked_for = filter("info,actix_http::h1::dispatcher=error").unwrap();
        assert!(asked_for.would_enable(target, &Level::ERROR));
    }

    #[test]
    fn what_is_misspelt_is_refused() {
        for text in [
            "",
            "loud",
            "info,",
            "rookery_core",
            "rookery_core=loud",
            "=info",
            "a b=info",
        ] {
            assert!(filter(text).is_err(), "{text:?}");
        }
    }
}
