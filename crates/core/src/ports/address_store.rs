//! Changes of a person's address: asked for, called off, confirmed.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, SessionId, Timestamp, TokenDigest, UserId};

use super::{NewToken, NewUndo, OutgoingMail, PortError};
use crate::{AuditEvent, Reader};

/// A wish for another address, decided. Afterwards it waits for its confirmation in the place of any earlier one, whose
/// token is void; the token is stored, both mails are queued and the event is written. Nothing else has changed: mail
/// goes to the address as it is, and so does every way back into the account.
#[derive(Clone, Debug)]
pub struct EmailChangeRequest {
    /// Whose.
    pub user: UserId,
    /// The session that asks, which is to outlive the change.
    pub session: SessionId,
    /// The address they want.
    pub to: EmailAddress,
    /// The version of the credential the password was checked against.
    pub credential_version: i32,
    /// What the new mailbox must show; its owner is the person at the address as it is, so that it dies with it.
    pub token: NewToken,
    /// The mail that carries the token, to the new address.
    pub confirmation: OutgoingMail,
    /// The mail that tells the owner, to the address as it is.
    pub notice: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// How asking for another address ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChangeRequestOutcome {
    /// It waits for its confirmation.
    Pending,
    /// The password or the address changed while the password was being checked; nothing was written.
    Superseded,
    /// The session ended meanwhile; nothing was written.
    SessionEnded,
}

/// A change of address that waits for its confirmation, as the token shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmailChange {
    /// Whose.
    pub user: UserId,
    /// The address as it is.
    pub from: EmailAddress,
    /// The address they want.
    pub to: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// How they read what is written to them.
    pub reader: Reader,
    /// When an operator shut the account.
    pub disabled: Option<Timestamp>,
    /// When it ends.
    pub expires: Timestamp,
}

/// A confirmed change of address, decided. Afterwards the token is consumed, `to` is the person's address everywhere,
/// verified at `at`; the version of the credential is bumped, so that no sign-in under way succeeds with the old one;
/// every session is gone but the one that asked, every other live token of the person is void, the way back is kept, both
/// mails are queued and the event is written.
#[derive(Clone, Debug)]
pub struct EmailChange {
    /// The token shown.
    pub digest: TokenDigest,
    /// Whose it is.
    pub user: UserId,
    /// The address they have asked for.
    pub to: EmailAddress,
    /// The way back, whose link is in the mail to the old address.
    pub undo: NewUndo,
    /// The mail that tells the old address.
    pub notice: OutgoingMail,
    /// The mail that tells the new one.
    pub welcome: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// How a confirmation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChangeOutcome {
    /// The new address counts.
    Changed,
    /// The token was used, voided or expired before, or the account is shut or gone; nothing was written.
    Spent,
    /// Somebody else has got the address meanwhile, or it is kept for somebody; nothing was written, the token is as it
    /// was.
    EmailTaken,
}

/// Keeps addresses and the changes of them that wait.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AddressStore: Send + Sync {
    /// Whether the address, in whatever case, belongs to an account that is not `user`'s, deleted ones in their grace
    /// included, or is kept for one whose owner may still undo a change.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn is_taken(&self, email: &EmailAddress, user: &UserId, now: &Timestamp) -> Result<bool, PortError>;

    /// Writes the wish down.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn request(&self, request: &EmailChangeRequest) -> Result<EmailChangeRequestOutcome, PortError>;

    /// The change this token confirms, expired ones included; `None` for unknown, used and void tokens and for deleted
    /// people. Changes nothing.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn find(&self, digest: &TokenDigest) -> Result<Option<PendingEmailChange>, PortError>;

    /// Changes the address. Of several confirmations at once exactly one changes it.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn confirm(&self, change: &EmailChange) -> Result<EmailChangeOutcome, PortError>;

    /// Calls a change off that waits for its confirmation, voids its token and writes the event about the person it is
    /// of. `false` when nothing waits, and then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn cancel(&self, user: &UserId, event: &AuditEvent) -> Result<bool, PortError>;
}
