//! The log: to standard error, without secrets and without personal data.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use crate::configuration::{Log, LogFormat};

/// Libraries that below this level write statements with their values, or what travels over a connection, or say what is
/// said better here.
const QUIET: [&str; 6] = [
    "actix_server",
    "sqlx",
    "sea_orm",
    "sea_orm_migration",
    "lettre",
    "rustls",
];

/// Starts the log of this process. Called a second time it does nothing.
pub(crate) fn start(log: &Log) {
    let filter = log
        .filter
        .clone()
        .with_targets(QUIET.map(|library| (library, LevelFilter::WARN)));
    let lines = match log.format {
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(std::io::stderr)
            .boxed(),
        LogFormat::Pretty => fmt::layer()
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .boxed(),
    };
    // Fails only when a log was started before, as by a program that embeds this one.
    let _ = registry().with(filter).with(lines).try_init();
}
