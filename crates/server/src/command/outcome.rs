//! How a command ends.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::configuration::Problems;

/// The exit code for a configuration that makes no sense (`EX_CONFIG` of BSD's `sysexits.h`).
pub const EX_CONFIG: u8 = 78;

/// Why a command did not do what it should.
#[derive(Debug)]
pub enum Failure {
    /// The configuration; nothing was done.
    Configuration(Problems),
    /// Anything else, in words for whoever sits at the terminal.
    Failed(String),
}

impl Failure {
    /// An error with all its causes on one line.
    pub fn of(error: &dyn Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let said = error.to_string();
            // Transparent errors repeat what is below them.
            if !text.ends_with(&said) {
                text.push_str(": ");
                text.push_str(&said);
            }
            cause = error.source();
        }
        Self::Failed(text)
    }

    /// Says it on standard error.
    #[must_use]
    pub fn tell(&self) -> ExitCode {
        let (text, code) = match self {
            Self::Configuration(problems) => (problems.to_string(), ExitCode::from(EX_CONFIG)),
            Self::Failed(text) => (text.clone(), ExitCode::FAILURE),
        };
        // When standard error is closed the exit code still tells.
        let _ = writeln!(io::stderr(), "rookery: {text}");
        code
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Configuration(problems)
    }
}

impl<E: Error> From<E> for Failure
where
    E: Told,
{
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}

/// Errors that are told as they are.
pub trait Told {}
impl Told for crate::start_error::StartError {}
impl Told for rookery_store::MigrationError {}
impl Told for io::Error {}

/// Prints to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        // Whoever reads has enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Prints a value as JSON to standard output.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => print(&text),
        Err(error) => Err(Failure::of(&error)),
    }
}
