//! Passwords at rest, and the sign-ins and changes they allow.

use async_trait::async_trait;
use rookery_domain::{
    AuthMethod, Caller, EmailAddress, PasswordHash, SessionId, SessionLifetime, TenantId, TenantPolicy, Timestamp,
    TokenDigest, UserId,
};

use super::{Addressee, DeviceUse, Keeping, NewUndo, OutgoingMail, PendingDeletion, PortError};
use crate::{AuditEvent, Reader};

/// What is needed to check somebody's password and to open a session afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The person.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// How they read what is written to them.
    pub reader: Reader,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// First name or names.
    pub given_name: Option<String>,
    /// Last name or names.
    pub family_name: Option<String>,
    /// When they proved that they read the mailbox.
    pub email_verified: Option<Timestamp>,
    /// The stored hash.
    pub hash: PasswordHash,
    /// Counts the changes of the password; the condition of every write that rests on the hash read here.
    pub version: i32,
    /// When an operator shut the account.
    pub disabled: Option<Timestamp>,
    /// The deletion that waits, if one was asked for.
    pub deletion: Option<PendingDeletion>,
    /// Since when sign-ins ask for a second factor.
    pub second_factor: Option<Timestamp>,
    /// When they last signed in with the password.
    pub last_sign_in: Option<Timestamp>,
    /// Their tenants (memberships and tenants that are not deleted), the longest-standing first, with the policies that
    /// have a row.
    pub tenants: Vec<(TenantId, Option<TenantPolicy>)>,
}

impl Credential {
    /// Whether the account opens to nobody and is written to no more: an operator has shut it, or its grace is over and it
    /// waits to be erased.
    #[must_use]
    pub fn is_shut(&self, now: Timestamp) -> bool {
        let is_over = self.deletion.as_ref().is_some_and(|deletion| deletion.due <= now);
        self.disabled.is_some() || is_over
    }

    /// As the addressee of a mail.
    #[must_use]
    pub fn addressee(&self) -> Addressee {
        Addressee::Person {
            user: self.user,
            email: self.email.clone(),
            reader: self.reader,
        }
    }

    /// One policy that asks for everything any of their tenants asks for; `None` when none asks for anything.
    #[must_use]
    pub fn strictest_policy(&self) -> Option<TenantPolicy> {
        TenantPolicy::strictest(self.tenants.iter().filter_map(|(_, policy)| policy.as_ref()))
    }
}

/// A session to open. `last seen` and `authenticated` begin as `at`.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its name.
    pub id: SessionId,
    /// The digest of its token.
    pub digest: TokenDigest,
    /// Who is signed in.
    pub user: UserId,
    /// The tenant they start in.
    pub tenant: Option<TenantId>,
    /// Whether the cookie outlives the browser.
    pub remembered: bool,
    /// How they proved who they are.
    pub methods: Vec<AuthMethod>,
    /// How long it may live.
    pub lifetime: SessionLifetime,
    /// From where.
    pub caller: Caller,
}

/// A successful sign-in, decided. Afterwards the session is stored, the person's oldest sessions beyond
/// [`Session::MAX_PER_USER`](rookery_domain::Session::MAX_PER_USER) are gone, the session this browser held before is
/// gone, the better hash is stored if there is one, the device is known, the mail, if any, is queued and the event is
/// written.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The session to open.
    pub session: NewSession,
    /// The version of the credential the password was checked against: if it has changed, or the account was disabled
    /// or deleted meanwhile, nothing is written.
    pub credential_version: i32,
    /// A hash with today's parameters. Storing it does not bump the version.
    pub rehash: Option<PasswordHash>,
    /// The token of the session this browser held before, whoever it belonged to.
    pub replaces: Option<TokenDigest>,
    /// The browser it came from.
    pub device: DeviceUse,
    /// The mail that tells the owner of an unknown one.
    pub mail: Option<OutgoingMail>,
    /// The way back from it that the mail holds.
    pub undo: Option<NewUndo>,
    /// A deletion that waits is taken back, for whoever signs in keeps their account. It must be the one the sign-in was
    /// decided on: a request bumps the credential's version.
    pub keeping: Option<Keeping>,
    /// The event of the sign-in.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// The session is open.
    Opened,
    /// The password or the account's state changed while it was being checked; nothing was written.
    Superseded,
}

/// A password changed by its owner, decided. Afterwards the new hash is stored and the version bumped, this session goes
/// on under its new token with `authenticated` set to `at`, every other session of the person and every live reset token
/// is gone, an e-mail change that waits is called off, the way back is kept, the mail is queued and the event is written.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    /// Whose.
    pub user: UserId,
    /// The session that asks, which goes on.
    pub session: SessionId,
    /// Its new token.
    pub new_digest: TokenDigest,
    /// The version the current password was checked against.
    pub credential_version: i32,
    /// The new hash.
    pub new_hash: PasswordHash,
    /// The token of the browser that asks, which stays known. The person's others are forgotten, and none is trusted to
    /// sign in without the second factor any more.
    pub device: Option<TokenDigest>,
    /// The way back, whose link is in the mail.
    pub undo: NewUndo,
    /// The mail that tells the owner.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// How a change of password ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordChangeOutcome {
    /// The new password counts.
    Changed,
    /// Another change came first, so the current password was no longer current; nothing was written.
    Superseded,
    /// The session ended meanwhile; nothing was written.
    SessionEnded,
}

/// Keeps credentials.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// The credential of the person with this address, unless deleted. Costs the same number of statements whether
    /// there is one or not.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn by_email(&self, email: &EmailAddress) -> Result<Option<Credential>, PortError>;

    /// The credential of a signed-in person, unless deleted.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn by_user(&self, user: &UserId) -> Result<Option<Credential>, PortError>;

    /// Opens a session.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn sign_in(&self, sign_in: &SignIn) -> Result<SignInOutcome, PortError>;

    /// Changes a password. Of several changes racing from one current password exactly one wins.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn change_password(&self, change: &PasswordChange) -> Result<PasswordChangeOutcome, PortError>;
}
