//! What a port says when it could not do its work.

use std::error::Error;

use thiserror::Error as ThisError;

/// A port failed in a way its caller can do nothing about, except to try again later when it is [unavailable](Self::is_unavailable).
///
/// Its text is for logs and never for clients.
#[derive(Debug, ThisError)]
#[error("{operation} failed")]
pub struct PortError {
    operation: &'static str,
    unavailable: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl PortError {
    /// What is asked for cannot be reached or is overloaded now: a refused connection, an exhausted pool, a time-out.
    pub fn unavailable(operation: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            operation,
            unavailable: true,
            source: source.into(),
        }
    }

    /// Something is wrong that waiting will not mend: a row that makes no sense, a statement that does not fit.
    pub fn broken(operation: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            operation,
            unavailable: false,
            source: source.into(),
        }
    }

    /// Whether the same request may succeed a little later.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        self.unavailable
    }

    /// What was being done, such as `users.admit`.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    /// The whole chain of causes on one line, for the one log entry it gets.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}
