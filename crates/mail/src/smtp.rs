//! Handing letters to a mail server.

mod failure;
mod message;
mod sender;
mod server;
mod session;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rookery_core::ports::{Envelope, Mailer, MailerError};
use tokio::time::{Instant, timeout};

pub use sender::{InvalidSender, Sender};
pub use server::{InvalidSmtpUrl, Security, SmtpServer};

use crate::Templates;
use message::OutgoingMessage;
use session::Session;

/// How long opening a TCP connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one letter may take from the first byte to the server's last word.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an unused connection is kept; servers close them after some minutes (RFC 5321, section 4.5.3.2.7: 5).
const KEPT_FOR: Duration = Duration::from_mins(1);
/// How many unused connections are kept.
const KEPT: usize = 4;

/// [`Mailer`] that speaks SMTP (RFC 5321) to one server.
///
/// Connections are kept for a minute and used again. Each letter has the name of its outbox entry as `Message-ID` and the
/// time it was written as `Date`, so a second copy, which a lost answer can cause, is the same to the byte.
///
/// An answer of the fives is permanent only when it is about this letter, that is to `RCPT` and after. A wrong password, a
/// refused sender, a missing `STARTTLS` or a bad certificate are the operator's to mend, and letters wait for that.
pub struct SmtpMailer {
    server: SmtpServer,
    sender: Sender,
    templates: Arc<Templates>,
    connect_timeout: Duration,
    delivery_timeout: Duration,
    kept: Mutex<Vec<(Session, Instant)>>,
}

impl SmtpMailer {
    /// A mailer with the usual patience: 5 s to connect, 30 s for a whole delivery. Connects when the first letter goes out.
    #[must_use]
    pub fn new(server: SmtpServer, sender: Sender, templates: Arc<Templates>) -> Self {
        if let Some(warning) = server.warning() {
            tracing::warn!("{warning}");
        }
        Self {
            server,
            sender,
            templates,
            connect_timeout: CONNECT_TIMEOUT,
            delivery_timeout: DELIVERY_TIMEOUT,
            kept: Mutex::default(),
        }
    }

    /// With another patience.
    #[must_use]
    pub const fn with_timeouts(mut self, connect: Duration, delivery: Duration) -> Self {
        self.connect_timeout = connect;
        self.delivery_timeout = delivery;
        self
    }

    async fn hand_over(&self, message: &OutgoingMessage) -> Result<(), MailerError> {
        let mut session = self.ready_session(message).await?;
        session.transmit(message).await?;
        self.keep(session);
        Ok(())
    }

    /// A connection that has accepted the sender. One that was kept may have been closed meanwhile, or its server may want
    /// no more on it; since nothing has been handed over then, a new one takes its place.
    async fn ready_session(&self, message: &OutgoingMessage) -> Result<Session, MailerError> {
        if let Some(mut kept) = self.kept()
            && matches!(timeout(self.connect_timeout, kept.begin(message)).await, Ok(Ok(())))
        {
            return Ok(kept);
        }
        let mut session = Session::open(&self.server, &self.sender, self.connect_timeout).await?;
        session.begin(message).await?;
        Ok(session)
    }

    fn kept(&self) -> Option<Session> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since)| since.elapsed() < KEPT_FOR);
        kept.pop().map(|(session, _)| session)
    }

    fn keep(&self, session: Session) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push((session, Instant::now()));
        }
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    /// A delivery that is cut off, by its timeout or by whoever awaits it, closes its connection: half a dialogue is
    /// never gone on with.
    async fn deliver(&self, envelope: &Envelope) -> Result<(), MailerError> {
        let rendered = self
            .templates
            .render(envelope)
            .map_err(|error| MailerError::Temporary(error.to_string()))?;
        let message = OutgoingMessage::compose(&self.sender, envelope, rendered)?;
        timeout(self.delivery_timeout, self.hand_over(&message))
            .await
            .unwrap_or_else(|_| {
                Err(MailerError::Temporary(format!(
                    "the mail server took more than {} s",
                    self.delivery_timeout.as_secs_f32()
                )))
            })
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer")
            .field("server", &self.server)
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}
