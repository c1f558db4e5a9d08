//! Throwing away what has run out.

mod retention;
mod service;

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;

use crate::ports::PortError;

pub use retention::{Fate, LOG_IN_HISTORY, Leftover, RETENTION, RetentionRule, retention_page};
pub use service::HousekeepingService;

/// How many rows of which kind went, or lost what was personal in them. Kinds of which there were none are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept(BTreeMap<Leftover, u64>);

impl Swept {
    /// How many of this kind.
    #[must_use]
    pub fn count(&self, leftover: Leftover) -> u64 {
        self.0.get(&leftover).copied().unwrap_or(0)
    }

    /// Whether there was nothing to do.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Leftover, u64)> for Swept {
    fn from_iter<I: IntoIterator<Item = (Leftover, u64)>>(counts: I) -> Self {
        Self(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }
}

/// For the log: `Sessions: 3, Tokens: 1`.
impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (leftover, count)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{leftover:?}: {count}")?;
        }
        Ok(())
    }
}

/// The cleaner's use case.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// Throws away everything that has run out by the table [`RETENTION`]. Safe to run on several nodes at once.
    ///
    /// # Errors
    /// The first [`PortError`] when the store did not answer; the other kinds were tried all the same.
    async fn tidy(&self) -> Result<Swept, PortError>;
}
