//! One-time tokens: issuing and redeeming them.

use async_trait::async_trait;
use rookery_domain::{EmailAddress, PasswordHash, TenantPolicy, Timestamp, TokenDigest, TokenId, TokenPurpose, UserId};

use super::{Addressee, CounterKey, DeviceUse, NewUndo, OutgoingMail, PortError};
use crate::{AuditEvent, Reader};

/// A token to store, by its digest.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name.
    pub id: TokenId,
    /// What it may do.
    pub purpose: TokenPurpose,
    /// Its digest.
    pub digest: TokenDigest,
    /// What is kept of the code beside it, if there is one.
    pub code: Option<[u8; 32]>,
    /// Whom it was mailed to, and where: it dies when the address changes. `None` makes a row that can never be
    /// redeemed, written so that an unknown address costs what a known one costs.
    pub owner: Option<(UserId, EmailAddress)>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// A mail with a token in it, decided. Afterwards the token is stored, older live tokens of the same purpose and person
/// are void if the purpose is a password reset, the mail is queued (or, for nobody, written as discarded) and the event
/// is written: the same number and kind of statements for somebody and for nobody.
#[derive(Clone, Debug)]
pub struct TokenIssue {
    /// The token.
    pub token: NewToken,
    /// The mail that carries it.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
}

/// What is known of a token somebody shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Whom it was mailed to.
    pub user: UserId,
    /// Where it was mailed to; still the person's address.
    pub email: EmailAddress,
    /// How they read what is written to them.
    pub reader: Reader,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// First name or names.
    pub given_name: Option<String>,
    /// Last name or names.
    pub family_name: Option<String>,
    /// When the address was verified, if it was.
    pub email_verified: Option<Timestamp>,
    /// When an operator shut the account.
    pub disabled: Option<Timestamp>,
    /// Policies of the person's tenants.
    pub policies: Vec<TenantPolicy>,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was used.
    pub consumed: Option<Timestamp>,
}

impl TokenRecord {
    /// Whom it was mailed to, as the addressee of another mail.
    #[must_use]
    pub fn addressee(&self) -> Addressee {
        Addressee::Person {
            user: self.user,
            email: self.email.clone(),
            reader: self.reader,
        }
    }
}

/// The proof that somebody reads their mailbox, decided. Afterwards the token is consumed, the address is verified (an
/// earlier verification keeps its time), the mail, if any, is queued and the event is written.
#[derive(Clone, Debug)]
pub struct EmailProof {
    /// The token shown.
    pub digest: TokenDigest,
    /// Whose it is.
    pub user: UserId,
    /// The welcome, for a first verification.
    pub mail: Option<OutgoingMail>,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// A password set through a mailed token, decided. Afterwards the token is consumed, the new hash is stored (as the first
/// one, if there was none) and the version bumped, the address is verified, every session is gone, every other live token
/// of the person is void, an e-mail change that waits is called off, the way back is kept, the mail is queued and the event
/// is written.
#[derive(Clone, Debug)]
pub struct PasswordReset {
    /// The token shown.
    pub digest: TokenDigest,
    /// Whose it is.
    pub user: UserId,
    /// The new hash.
    pub new_hash: PasswordHash,
    /// The way back, whose link is in the mail.
    pub undo: NewUndo,
    /// The mail that tells the owner.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// A lock lifted through a mailed token, decided. Afterwards the token is consumed, the counter that locks is forgotten,
/// the device is known and the event is written.
#[derive(Clone, Debug)]
pub struct LockLift {
    /// The token shown.
    pub digest: TokenDigest,
    /// Whose it is.
    pub user: UserId,
    /// The counter of failed sign-ins on their address; `None` when nothing is counted.
    pub counter: Option<CounterKey>,
    /// The browser that asks.
    pub device: DeviceUse,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// Somebody tries the code of a mail, decided. The newest mail of this purpose to this address is looked at, unless it is void or
/// [`MAX_WRONG`](Self::MAX_WRONG) wrong codes have been tried at it. Afterwards a wrong code is counted: the same number and
/// kind of statements whether there is such a mail or not.
#[derive(Clone, Debug)]
pub struct CodeAttempt {
    /// Where they say it was mailed to.
    pub email: EmailAddress,
    /// What it is to do.
    pub purpose: TokenPurpose,
    /// What may have been kept of the code, under the key of today and older ones.
    pub digests: Vec<[u8; 32]>,
}

impl CodeAttempt {
    /// Wrong codes after which none counts for a mail any more; its link still does.
    pub const MAX_WRONG: i32 = 5;
}

/// How redeeming a token ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// This use is the one that counts.
    Redeemed,
    /// The token was used, voided or expired before, its address has changed, or its person is gone; nothing was written.
    Spent,
}

/// Keeps one-time tokens.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Stores a token and queues its mail.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn issue(&self, issue: &TokenIssue) -> Result<(), PortError>;

    /// The token with this digest, used and expired ones included; `None` for unknown and void ones, for those of
    /// deleted people, and for those mailed to an address that is no longer the person's. Changes nothing.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn find(&self, digest: &TokenDigest) -> Result<Option<TokenRecord>, PortError>;

    /// The token whose mail has this code, used and expired ones included; `None` for a wrong one, which is counted. Of
    /// several tries at once each is counted by itself. Uses nothing up.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was counted.
    async fn try_code(&self, attempt: &CodeAttempt) -> Result<Option<TokenDigest>, PortError>;

    /// Uses a verification token up. Of several uses at once exactly one is redeemed.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn prove_email(&self, proof: &EmailProof) -> Result<Redemption, PortError>;

    /// Uses a reset token up. Of several uses at once exactly one is redeemed.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn reset_password(&self, reset: &PasswordReset) -> Result<Redemption, PortError>;

    /// Uses an unlock token up. Of several uses at once exactly one is redeemed.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn lift_lock(&self, lift: &LockLift) -> Result<Redemption, PortError>;
}
