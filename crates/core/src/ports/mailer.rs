//! Handing a letter to a mail server.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, MailId, Timestamp};
use thiserror::Error;

use crate::{Letter, Reader};

/// A letter with its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Its name; the same for every copy, so that `Message-ID` is too.
    pub id: MailId,
    /// Where it goes.
    pub to: EmailAddress,
    /// What it says.
    pub letter: Letter,
    /// In which language, and in which zone's times.
    pub reader: Reader,
    /// When it was written.
    pub written: Timestamp,
}

/// Why a letter was not delivered.
#[derive(Debug, Error)]
pub enum MailerError {
    /// The server cannot be reached, or asks to come back later (4yz of RFC 5321).
    #[error("temporary: {0}")]
    Temporary(String),
    /// The server will never take this letter (5yz of RFC 5321).
    #[error("permanent: {0}")]
    Permanent(String),
}

/// Renders and delivers letters.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Delivers one letter. `Ok` means that somebody else has taken the responsibility for it.
    ///
    /// # Errors
    /// [`MailerError`]; its text holds no content of the letter.
    async fn deliver(&self, envelope: &Envelope) -> Result<(), MailerError>;
}
