//! Accounts: making them, finding them, shutting them.

use async_trait::async_trait;
use rookery_domain::{
    CompanyName, Consent, DisplayName, EmailAddress, FamilyName, GivenName, PasswordHash, Preferences, TenantId,
    Timestamp, UserId,
};

use super::{Addressee, NewToken, OutgoingMail, PortError};
use crate::{AuditEvent, Reader};

/// A sign-up, decided. Either all of it is there afterwards or none of it: the user, the credential, the preferences if
/// any were given, what they agreed to, the tenant with its owner if one was named, the verification token, the mail and the event.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The person's id.
    pub user: UserId,
    /// Their address, not verified yet.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<DisplayName>,
    /// First name or names.
    pub given_name: Option<GivenName>,
    /// Last name or names.
    pub family_name: Option<FamilyName>,
    /// The hash of the password they chose.
    pub password_hash: PasswordHash,
    /// A whole row of preferences, when the sign-up named a language or a time zone, or wants marketing.
    pub preferences: Option<Preferences>,
    /// What they agreed to.
    pub consents: Vec<Consent>,
    /// The tenant to make, with the person as its owner.
    pub tenant: Option<NewTenant>,
    /// What proves later that they read the mailbox.
    pub verification: NewToken,
    /// The mail that carries it.
    pub mail: OutgoingMail,
    /// The event of the sign-up.
    pub event: AuditEvent,
    /// When: `created` and `updated` of every row.
    pub at: Timestamp,
}

/// A tenant that is made together with its first owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: CompanyName,
}

/// Who has an address, as far as a sign-up with it is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressHolder {
    /// The person.
    pub user: UserId,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// How they read what is written to them.
    pub reader: Reader,
    /// The address as it is stored, if a mail to it reaches somebody with a living account under it; not for accounts that
    /// are deleted or shut, nor for an address that is merely kept for its former owner.
    pub reachable_at: Option<EmailAddress>,
}

impl AddressHolder {
    /// Them, or nobody where no mail reaches them.
    #[must_use]
    pub fn addressee(&self) -> Addressee {
        let person = |email: &EmailAddress| Addressee::Person {
            user: self.user,
            email: email.clone(),
            reader: self.reader,
        };
        self.reachable_at.as_ref().map_or(Addressee::Nobody, person)
    }
}

/// How a sign-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The account is there.
    Admitted,
    /// The address, in whatever case, belongs to an account already, or is kept for one whose owner may still undo a change
    /// of it; nothing was written.
    EmailTaken,
}

/// An account as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub user: UserId,
    /// Where mail goes.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// When they proved that they read the mailbox.
    pub email_verified: Option<Timestamp>,
    /// When an operator shut the account.
    pub disabled: Option<Timestamp>,
    /// When the account was made.
    pub created: Timestamp,
    /// When they last signed in with a password.
    pub last_login: Option<Timestamp>,
    /// How many sessions are stored for them.
    pub sessions: u64,
}

/// What an operator does to an account, in one transaction with its event.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Take the address for verified (keeps an earlier verification's time).
    Verify,
    /// Refuse every sign-in, bump the credential's version, and end every session.
    Disable,
    /// Allow signing in again.
    Enable,
}

/// Keeps accounts.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Whether the address, in whatever case, belongs to an account (deleted ones in their grace included). A cheap look
    /// before the costly hash; [`admit`](Self::admit) decides.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn is_taken(&self, email: &EmailAddress) -> Result<bool, PortError>;

    /// Makes the account. Of several sign-ups racing for one address exactly one is admitted.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn admit(&self, account: &NewAccount) -> Result<Admission, PortError>;

    /// Who has the address, in whatever case, or whom it is kept for at this moment, for a sign-up that must not tell whether
    /// anybody has it. One statement, found or not.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn holder(&self, email: &EmailAddress, now: &Timestamp) -> Result<Option<AddressHolder>, PortError>;

    /// Makes the account, as [`admit`](Self::admit) does, by statements that [`feign`](Self::feign) can run without making
    /// one.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn admit_discreetly(&self, account: &NewAccount) -> Result<Admission, PortError>;

    /// Runs the statements of [`admit_discreetly`](Self::admit_discreetly), as many and of the same kinds, and takes all of
    /// them back but two: the mail is queued (or, for nobody, written as discarded) and the event is written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn feign(&self, account: &NewAccount) -> Result<(), PortError>;

    /// The account with this address, whatever its state, unless deleted.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn find(&self, email: &EmailAddress) -> Result<Option<Account>, PortError>;

    /// Changes the account's state and writes the event. `false` when there is no such user, and then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn change(&self, user: &UserId, change: &AccountChange, event: &AuditEvent) -> Result<bool, PortError>;
}
