//! Mails that commit with the change that causes them, and are delivered later.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, MailId, Timestamp, UserId};

use super::PortError;
use crate::{LetterKind, Reader};

/// Whom a mail is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// A person.
    Person {
        /// Who.
        user: UserId,
        /// Where.
        email: EmailAddress,
        /// How they read.
        reader: Reader,
    },
    /// Nobody: the row is written as discarded, without address or content, so that an unknown address costs what a
    /// known one costs.
    Nobody,
    /// Whoever reads a mailbox, whether or not there is an account with it.
    Mailbox {
        /// The address.
        email: EmailAddress,
        /// How they are taken to read.
        reader: Reader,
    },
}

impl Addressee {
    /// The person and the address a token in the mail is bound to.
    #[must_use]
    pub fn owner(&self) -> Option<(UserId, EmailAddress)> {
        match self {
            Self::Person { user, email, .. } => Some((*user, email.clone())),
            Self::Nobody | Self::Mailbox { .. } => None,
        }
    }

    /// How they read; nobody reads as whoever has chosen nothing.
    #[must_use]
    pub fn reader(&self) -> Reader {
        match self {
            Self::Person { reader, .. } | Self::Mailbox { reader, .. } => *reader,
            Self::Nobody => Reader::default(),
        }
    }
}

/// A mail to queue, in the transaction of the change that causes it.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    /// Its name, and the left part of its `Message-ID`.
    pub id: MailId,
    /// What it is about.
    pub kind: LetterKind,
    /// Whom it is for.
    pub to: Addressee,
    /// The [`Letter`](crate::Letter), sealed for `id`: it may hold a token.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created: Timestamp,
    /// When it is too late to send it.
    pub expires: Timestamp,
}

/// A request for mails that are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxClaim {
    /// Mails due at this moment, which nobody holds a lease on.
    pub now: Timestamp,
    /// They are this worker's until then; a worker that dies loses them to another.
    pub lease_until: Timestamp,
    /// At most this many, the longest due first.
    pub limit: u64,
}

/// A mail to deliver, held under a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMail {
    /// Its name.
    pub id: MailId,
    /// Where it goes.
    pub to: EmailAddress,
    /// The sealed letter.
    pub sealed: Vec<u8>,
    /// How many deliveries have failed before.
    pub attempts: u32,
    /// When it was written.
    pub created: Timestamp,
    /// When it is too late to send it.
    pub expires: Timestamp,
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The mail server has it. The content is wiped.
    Sent,
    /// It failed and will be tried again.
    Retry {
        /// Not before then.
        next_attempt: Timestamp,
        /// Why, for the operator; holds no content.
        error: String,
    },
    /// It will never be sent. The content is wiped.
    Abandoned {
        /// Why, for the operator; holds no content.
        error: String,
    },
}

/// Keeps queued mails.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Leases due mails to the caller. No mail is given to two workers while a lease lasts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing is leased.
    async fn claim(&self, claim: &OutboxClaim) -> Result<Vec<ClaimedMail>, PortError>;

    /// Writes down what became of a leased mail, and gives the lease back.
    ///
    /// # Errors
    /// [`PortError`]; then the lease runs out and the mail is delivered again, under the same `Message-ID`.
    async fn settle(&self, mail: &MailId, settlement: &Settlement, at: &Timestamp) -> Result<(), PortError>;
}

/// Tells the delivery worker of this process that mail is waiting, so that nobody waits for its next round.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait DeliveryBell: Send + Sync {
    /// Rings; never blocks, never fails, may ring for nothing.
    fn ring(&self);
}
