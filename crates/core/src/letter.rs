//! What the service writes to people.

mod kind;
mod parts;

pub use kind::LetterKind;

use rookery_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::PolicyTerm;

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
        /// The code beside it; none in a letter that waited before there were codes.
        #[serde(default)]
        code: Option<String>,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Here you can set a new password."
    ResetPassword {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The page that asks for the new password, with the token in it.
        link: String,
        /// The code beside it; none in a letter that waited before there were codes.
        #[serde(default)]
        code: Option<String>,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Your password was changed."
    PasswordChanged {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was changed.
        at: Timestamp,
        /// The page that takes the change back if it was somebody else, with the token in it.
        undo: String,
        /// When that link ends.
        expires: Timestamp,
    },
    /// "Is this your new address?", to the address somebody wants to change to.
    ConfirmNewEmail {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The page that confirms, with the token in it.
        link: String,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Somebody wants to change your address", to the address as it is.
    EmailChangeRequested {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was asked for.
        at: Timestamp,
        /// The address it would be.
        new_email: String,
        /// The page that asks for a new password, which calls the change off.
        recover: String,
    },
    /// "Your address was changed", to the address as it was.
    EmailChanged {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was changed.
        at: Timestamp,
        /// The address it is now.
        new_email: String,
        /// The page that takes the change back if it was somebody else, with the token in it.
        undo: String,
        /// When that link ends.
        expires: Timestamp,
    },
    /// "This is your address now", to the address as it is.
    NewEmailConfirmed {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The front page.
        home: String,
    },
    /// "You took a change back. Set a new password now."
    ChangeUndone {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The page that asks for the new password, with the token in it.
        link: String,
        /// The code beside it; none in a letter that waited before there were codes.
        #[serde(default)]
        code: Option<String>,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Somebody wanted to sign up with your address, which has an account."
    AlreadyRegistered {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The front page, where they sign in.
        home: String,
        /// The page on which a reset mail is asked for.
        recover: String,
    },
    /// "Too many wrong passwords: signing in on new devices is locked. This lifts the lock."
    AccountLocked {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When the lock began.
        at: Timestamp,
        /// The page that lifts it, with the token in it.
        link: String,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Somebody signed in on a device we have not seen before."
    NewDevice {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When they signed in.
        at: Timestamp,
        /// What the device calls itself, in our words.
        device: String,
        /// The network address it signed in from, if it is known.
        address: Option<String>,
        /// The page that throws it out if it was somebody else, with the token in it.
        undo: String,
        /// When that link ends.
        expires: Timestamp,
    },
    /// "Your second factor was changed."
    SecondFactorChanged {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was changed.
        at: Timestamp,
        /// How.
        change: FactorChange,
        /// The page that takes the change back if it was somebody else, with the token in it.
        undo: String,
        /// When that link ends.
        expires: Timestamp,
    },
    /// "A recovery code was used, and few are left."
    RecoveryCodesLow {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When one was used.
        at: Timestamp,
        /// How many are left.
        left: u64,
        /// The front page, from where the way leads to new ones.
        home: String,
    },
    /// "Your account will be deleted."
    DeletionScheduled {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was asked for.
        at: Timestamp,
        /// The page that keeps the account, with the token in it.
        link: String,
        /// When the account is deleted, and the link ends.
        expires: Timestamp,
    },
    /// "Your account is kept."
    AccountKept {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was decided.
        at: Timestamp,
        /// The front page.
        home: String,
    },
    /// "Your account has been deleted." The last thing they hear.
    AccountErased {
        /// How the person wanted to be addressed.
        name: Option<String>,
        /// When it was deleted.
        at: Timestamp,
        /// The front page.
        home: String,
    },
    /// "We have signed you out everywhere."
    SessionsEnded {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When.
        at: Timestamp,
        /// The front page, where they sign in.
        home: String,
    },
    /// "Somebody invites you into a tenant", to whoever reads the mailbox, with an account or without.
    Invitation {
        /// What the tenant is called.
        tenant: String,
        /// How whoever invites wants to be addressed.
        inviter_name: Option<String>,
        /// Their address.
        inviter_email: String,
        /// What they write.
        note: Option<String>,
        /// The page on which the invitation is answered, with the token in it.
        link: String,
        /// When the link ends.
        expires: Timestamp,
    },
    /// "Whom you invited has joined."
    InvitationAccepted {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When they joined.
        at: Timestamp,
        /// What the tenant is called.
        tenant: String,
        /// Whom was invited.
        email: String,
        /// The front page.
        home: String,
    },
    /// "You belong to a tenant now."
    TenantJoined {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When they joined.
        at: Timestamp,
        /// What the tenant is called.
        tenant: String,
        /// The front page.
        home: String,
    },
    /// "Your tenant asks other things of its members", to its owners.
    PolicyChanged {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// When it was changed.
        at: Timestamp,
        /// What the tenant is called.
        tenant: String,
        /// The address of whoever changed it.
        by: String,
        /// What is asked now that was not asked before.
        terms: Vec<PolicyTerm>,
        /// The front page.
        home: String,
    },
    /// "A tenant you belong to asks for a second factor."
    SecondFactorRequired {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// What the tenant is called.
        tenant: String,
        /// By when they need one.
        due: Timestamp,
        /// The front page, from where the way leads to setting one up.
        home: String,
    },
    /// "The copy of your data is there."
    ExportReady {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The page on which they fetch it, signed in; never the copy itself.
        link: String,
        /// Until when it can be fetched.
        expires: Timestamp,
    },
    /// "Your address is verified, welcome."
    Welcome {
        /// How the person wants to be addressed.
        name: Option<String>,
        /// The front page.
        home: String,
    },
}

/// What became of a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    /// Sign-ins ask for it from now on.
    Added,
    /// They do not any more.
    Removed,
    /// The recovery codes are others.
    CodesRenewed,
}

/// Links hold tokens, and codes are worth as much: only the kind is shown.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.kind().as_str())
    }
}
