//! What the service writes to people.

use rookery_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// A letter before it is rendered: the facts, not the words. May hold a token in its link, so it is only ever stored
/// sealed and never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// "Is this your address?"
    VerifyEmail {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The page that verifies, with the token in it.
        link: String,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Here you can set a new password."
    ResetPassword {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The page that asks for the new password, with the token in it.
        link: String,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Your password was changed."
    PasswordChanged {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was changed.
        at: Timestamp,
        /// The page that helps if it was somebody else.
        recover: String,
    },
    /// "Your address is verified, welcome."
    Welcome {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The front page.
        home: String,
    },
}

/// The kinds of letters, by the words rows use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterKind {
    /// [`Letter::VerifyEmail`]
    VerifyEmail,
    /// [`Letter::ResetPassword`]
    ResetPassword,
    /// [`Letter::PasswordChanged`]
    PasswordChanged,
    /// [`Letter::Welcome`]
    Welcome,
}

impl LetterKind {
    /// The word rows use; the same as the tag of the letter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::Welcome => "welcome",
        }
    }
}

impl Letter {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> LetterKind {
        match self {
            Self::VerifyEmail { .. } => LetterKind::VerifyEmail,
            Self::ResetPassword { .. } => LetterKind::ResetPassword,
            Self::PasswordChanged { .. } => LetterKind::PasswordChanged,
            Self::Welcome { .. } => LetterKind::Welcome,
        }
    }
}

/// Links hold tokens: only the kind is shown.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.kind().as_str())
    }
}
