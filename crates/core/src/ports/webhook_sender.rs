//! Handing an account event to the system that wants to know.

use async_trait::async_trait;
use rookery_domain::{EventId, Timestamp, WebhookSecret, WebhookUrl};
use thiserror::Error;

/// A message ready to be signed and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// The `webhook-id`; the same for every copy, so that a second one is recognised.
    pub id: EventId,
    /// Where to.
    pub url: WebhookUrl,
    /// What: JSON.
    pub body: Vec<u8>,
    /// Each makes a signature; one of them is enough for the receiver.
    pub secrets: Vec<WebhookSecret>,
    /// The moment that is signed along, so that an old copy is not taken for a new message.
    pub at: Timestamp,
}

/// Why there was no answer.
///
/// The words tell the owner of the receiver what to mend, and nobody anything about the network this service is in: a
/// name that does not exist and one that leads to a forbidden place look alike.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SendFailure {
    /// The name has no address, or one that nothing is sent to.
    #[error("the host has no address that events are sent to")]
    NoAddress,
    /// Nobody answered the connection.
    #[error("no connection could be made")]
    Unreachable,
    /// It took too long.
    #[error("there was no answer in time")]
    TimedOut,
    /// The certificate is not one for this host that a known authority vouches for.
    #[error("no trusted TLS connection could be made")]
    Untrusted,
    /// What came was no answer in HTTP.
    #[error("the answer made no sense")]
    Garbled,
}

/// Sends account events.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// Signs and posts one message and answers the status of what came back, whatever it is. Takes
    /// ten seconds at most.
    ///
    /// # Errors
    /// [`SendFailure`]
    async fn send(&self, dispatch: &Dispatch) -> Result<u16, SendFailure>;

    /// Whether anything would be sent there today, without sending anything.
    ///
    /// # Errors
    /// [`SendFailure::NoAddress`], or [`SendFailure::TimedOut`] when the name cannot be looked up.
    async fn admits(&self, url: &WebhookUrl) -> Result<(), SendFailure>;
}
