//! Delivering queued mail, decided.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use futures_util::future::join_all;
use tracing::warn;

use super::back_off::pause;
use super::{Delivered, Delivery};
use crate::Mint;
use crate::ports::{ClaimedMail, Envelope, Mailer, MailerError, Outbox, OutboxClaim, PortError, Sealer, Settlement};
use crate::post_room::AddressedLetter;

/// How many mails a round takes on, and so how many deliveries run at once.
const BATCH: u64 = 10;
/// How long a round holds them: twice what a slow delivery may take. A process that dies with mails in its hands delays
/// them by no more.
const LEASE: Duration = Duration::minutes(1);

/// [`Delivery`] on top of the ports.
pub struct DeliveryService {
    /// Where mails wait.
    pub outbox: Arc<dyn Outbox>,
    /// Opens them.
    pub sealer: Arc<dyn Sealer>,
    /// Takes them away.
    pub mailer: Arc<dyn Mailer>,
    /// Tells the time and draws the jitter.
    pub mint: Mint,
}

#[async_trait]
impl Delivery for DeliveryService {
    async fn deliver_due(&self) -> Result<Delivered, PortError> {
        let now = self.mint.now();
        let claimed = self
            .outbox
            .claim(&OutboxClaim {
                now,
                lease_until: now + LEASE,
                limit: BATCH,
            })
            .await?;
        let mut delivered = Delivered::default();
        // At once, so that one slow mail server holds up nobody else's mail.
        for settled in join_all(claimed.iter().map(|mail| self.deliver_and_settle(mail))).await {
            match settled? {
                Settlement::Sent => delivered.sent += 1,
                Settlement::Retry { .. } => delivered.postponed += 1,
                Settlement::Abandoned { .. } => delivered.abandoned += 1,
            }
        }
        Ok(delivered)
    }
}

impl DeliveryService {
    async fn deliver_and_settle(&self, mail: &ClaimedMail) -> Result<Settlement, PortError> {
        let settlement = self.deliver(mail).await;
        let attempts = mail.attempts + 1;
        match &settlement {
            Settlement::Sent => {}
            Settlement::Retry { error, .. } => {
                warn!(mail = %mail.id, attempts, error, "a mail could not be delivered and will be tried again");
            }
            Settlement::Abandoned { error } => {
                warn!(mail = %mail.id, attempts, error, "a mail will never be delivered");
            }
        }
        self.outbox.settle(&mail.id, &settlement, &self.mint.now()).await?;
        Ok(settlement)
    }

    async fn deliver(&self, mail: &ClaimedMail) -> Settlement {
        if mail.expires <= self.mint.now() {
            return Settlement::Abandoned {
                error: "it expired before it could be delivered".to_owned(),
            };
        }
        let plain = match self.sealer.open(&mail.sealed, &mail.id.to_string()) {
            Ok(plain) => plain,
            // Another node may hold the key already, or this one may be given it: while keys change, no letter is lost.
            Err(error) => return self.retry(mail, error.chain()),
        };
        let AddressedLetter { letter, reader } = match AddressedLetter::from_bytes(&plain) {
            Ok(opened) => opened,
            Err(error) => {
                return Settlement::Abandoned {
                    error: error.to_string(),
                };
            }
        };
        let envelope = Envelope {
            id: mail.id,
            to: mail.to.clone(),
            letter,
            reader,
            written: mail.created,
        };
        match self.mailer.deliver(&envelope).await {
            Ok(()) => Settlement::Sent,
            Err(MailerError::Permanent(error)) => Settlement::Abandoned { error },
            Err(MailerError::Temporary(error)) => self.retry(mail, error),
        }
    }

    fn retry(&self, mail: &ClaimedMail, error: String) -> Settlement {
        let next_attempt = self.mint.now() + pause(mail.attempts + 1, self.mint.fraction());
        Settlement::Retry { next_attempt, error }
    }
}

#[cfg(test)]
mod tests;
