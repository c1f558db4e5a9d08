//! Agreeing to terms, and taking that back.

mod decided;
mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, Consent, ConsentSubject, ConsentVersion, Documents};
use thiserror::Error;

use crate::ports::{PortError, SignedIn};

pub(crate) use decided::{consent_record, sign_up_consents};
pub use service::ConsentService;

/// What somebody agrees to, judged against the versions there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentChoice {
    /// The documents they accept, in the versions they saw.
    pub accepted: Vec<(ConsentSubject, ConsentVersion)>,
    /// Whether they want marketing by mail; `None` leaves it as it is.
    pub marketing: Option<bool>,
}

/// What somebody has agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentState {
    /// The documents as they are now.
    pub documents: Documents,
    /// What they last decided on each subject.
    pub latest: Vec<Consent>,
    /// Whether marketing is sent to them.
    pub marketing: bool,
    /// What they decided, the newest first; the hundred last ones.
    pub history: Vec<Consent>,
}

impl ConsentState {
    /// The documents they have yet to agree to.
    #[must_use]
    pub fn due(&self) -> Vec<ConsentSubject> {
        self.documents.due(&self.latest)
    }

    /// What they last decided on this.
    #[must_use]
    pub fn latest_on(&self, subject: ConsentSubject) -> Option<&Consent> {
        self.latest.iter().find(|consent| consent.subject == subject)
    }
}

/// Why a decision was not written down.
#[derive(Debug, Error)]
pub enum ConsentError {
    /// The account is gone.
    #[error("not signed in")]
    NotSignedIn,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Agreeing to terms, and taking that back.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Consents: Send + Sync {
    /// The documents the person has yet to agree to. Where no document has a version nobody is asked, and no store either.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn due(&self, signed_in: &SignedIn) -> Result<Vec<ConsentSubject>, PortError>;

    /// What the person has agreed to.
    ///
    /// # Errors
    /// [`ConsentError`]
    async fn state(&self, signed_in: &SignedIn) -> Result<ConsentState, ConsentError>;

    /// Writes down what the person agrees to or takes back, with the time, the door and the version, and answers what holds
    /// then. What they have decided so already is not written again.
    ///
    /// # Errors
    /// [`ConsentError`]; then nothing has changed.
    async fn decide(
        &self,
        signed_in: &SignedIn,
        choice: ConsentChoice,
        caller: &Caller,
    ) -> Result<ConsentState, ConsentError>;
}
