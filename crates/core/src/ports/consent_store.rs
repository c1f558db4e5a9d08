//! What people agreed to.

use async_trait::async_trait;
use rookery_domain::{Consent, Preferences, Timestamp, UserId};

use super::PortError;
use crate::AuditEvent;

/// Somebody agreed to something or took it back, and the event that tells so: both are written or neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// What.
    pub consent: Consent,
    /// The event.
    pub event: AuditEvent,
}

/// Several decisions of one person, decided. What they have decided so already is not written again; the others are, together.
/// A decision on marketing moves the preference with it, the first change of which writes a whole row.
#[derive(Clone, Debug)]
pub struct ConsentDecision {
    /// Whose.
    pub user: UserId,
    /// What they decided.
    pub records: Vec<ConsentRecord>,
    /// What a first row of preferences holds beside it.
    pub defaults: Preferences,
    /// When.
    pub at: Timestamp,
}

/// Keeps what people agreed to. Nothing of it is ever changed; an account that ends takes it along.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// Writes decisions down. `false` when there is no such person any more, and then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn decide(&self, decision: &ConsentDecision) -> Result<bool, PortError>;

    /// The last decision on each subject.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn latest(&self, user: &UserId) -> Result<Vec<Consent>, PortError>;

    /// Every decision, the newest first, at most so many.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn history(&self, user: &UserId, limit: u32) -> Result<Vec<Consent>, PortError>;
}
