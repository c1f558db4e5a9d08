//! Changes that can be undone.

use rookery_domain::{EmailAddress, Timestamp, TokenDigest, UndoId, UserId};

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
