//! Changes that can be undone.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, Timestamp, TokenDigest, UndoId, UserId};

use super::{NewToken, OutgoingMail, PortError};
use crate::{AuditEvent, Reader};

/// What can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UndoKind {
    /// The password was changed by somebody who knew it.
    PasswordChanged,
    /// The password was set through a reset mail.
    PasswordReset,
    /// The address was changed.
    EmailChanged,
    /// A second factor was added or taken away.
    FactorChanged,
    /// Somebody signed in on a device nobody had signed in on before.
    NewDevice,
}

impl UndoKind {
    /// Every kind there is.
    pub const ALL: &'static [Self] = &[
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::EmailChanged,
        Self::FactorChanged,
        Self::NewDevice,
    ];

    /// The word rows use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::EmailChanged => "email_changed",
            Self::FactorChanged => "factor_changed",
            Self::NewDevice => "new_device",
        }
    }

    /// The kind a row names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// The way back from a change that is about to be made, kept in the transaction that makes it and before anything of it
/// is written: the account as it is then is what an undo restores.
///
/// It is kept only if the person's address is still `email`; otherwise the link in the mail leads nowhere, for a link in
/// one mailbox must never give the account to another.
#[derive(Clone, Debug)]
pub struct NewUndo {
    /// Its name.
    pub id: UndoId,
    /// Whose account changes.
    pub user: UserId,
    /// Where the mail with the link goes: the address before the change.
    pub email: EmailAddress,
    /// The digest of the token in the link.
    pub digest: TokenDigest,
    /// What can be undone.
    pub kind: UndoKind,
    /// When the change is made.
    pub created: Timestamp,
    /// Until when it can be undone.
    pub expires: Timestamp,
}

/// What is known of an undo token somebody shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoRecord {
    /// Whose account it restores.
    pub user: UserId,
    /// The address it restores: where the token was mailed to.
    pub email: EmailAddress,
    /// How they read what is written to them.
    pub reader: Reader,
    /// How the person wants to be addressed.
    pub name: Option<String>,
    /// What it undoes.
    pub kind: UndoKind,
    /// When an operator shut the account.
    pub disabled: Option<Timestamp>,
    /// Until when it can be used.
    pub expires: Timestamp,
}

/// A change taken back, decided. Afterwards the token is consumed and every undo token of a later change is void; the
/// account has the address, the verification and the second factors it had before the change; no password opens it, and
/// a change of address that waits is called off; every session, every known device, every sign-in under way and every
/// other live token of the person is gone; the reset token is stored, its mail is queued and the event is written.
#[derive(Clone, Debug)]
pub struct Undoing {
    /// The token shown.
    pub digest: TokenDigest,
    /// Whose it is.
    pub user: UserId,
    /// What the person sets a new password with.
    pub reset: NewToken,
    /// The mail that carries it, to the restored address.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// How taking a change back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoOutcome {
    /// The account is as it was.
    Undone,
    /// The token was used, voided or expired before, or the account is gone; nothing was written.
    Spent,
}

/// Keeps the ways back.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait UndoStore: Send + Sync {
    /// What this token undoes, expired tokens included; `None` for unknown, used and void ones and for deleted people.
    /// Changes nothing.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn find(&self, digest: &TokenDigest) -> Result<Option<UndoRecord>, PortError>;

    /// Takes the change back. Of several uses of one token at once exactly one undoes; of tokens of several changes used
    /// at once the earliest change prevails.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn undo(&self, undoing: &Undoing) -> Result<UndoOutcome, PortError>;
}
