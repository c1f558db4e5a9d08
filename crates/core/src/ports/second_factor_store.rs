//! Second factors at rest, and the sign-ins that wait for one.

use async_trait::async_trait;
use rookery_domain::{
    ChallengeId, DeviceId, Factor, FactorId, PasswordHash, RecoveryCodeId, Timestamp, TokenDigest, TotpStep, UserId,
};

use super::{NewUndo, OutgoingMail, PortError, SessionRenewal, SignIn};
use crate::AuditEvent;

/// A factor with its secret, sealed for its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFactor {
    /// The factor.
    pub factor: Factor,
    /// Its secret, under the installation's key.
    pub sealed_secret: Vec<u8>,
}

/// What a person can show beside their password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldFactors {
    /// The one sign-ins ask for.
    pub confirmed: Option<SealedFactor>,
    /// The newest one whose first code has not been seen.
    pub pending: Option<SealedFactor>,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// A code that lets its owner pass, once: the condition of whatever it is shown for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorUse {
    /// A code of the app. It counts if neither this step nor a later one was used with this factor before.
    Totp {
        /// With which factor.
        factor: FactorId,
        /// Of which step.
        step: TotpStep,
    },
    /// A recovery code. It counts if it is the person's, unused, and of the newest set.
    RecoveryCode {
        /// Its digest under each of the installation's keys, for it may be from before they were changed.
        digests: Vec<[u8; 32]>,
    },
}

/// A factor whose secret is being shown. Afterwards it is stored as pending, and older pending ones are gone. Nothing
/// else changes, but for the event: it gates nothing yet.
#[derive(Clone, Debug)]
pub struct NewFactor {
    /// Its name.
    pub id: FactorId,
    /// Whose it is.
    pub user: UserId,
    /// Its secret, sealed for its person.
    pub sealed_secret: Vec<u8>,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// A recovery code to keep, by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecoveryCode {
    /// Its name.
    pub id: RecoveryCodeId,
    /// Its keyed digest.
    pub digest: [u8; 32],
}

/// The first code of a pending factor, decided. Afterwards the way back is kept, the factor counts from `renewal.at` with
/// `step` used up, the credential's version is bumped (so that every sign-in under way begins anew), these recovery codes
/// and no others are good, the session goes on under its new token, and every other one of the person is gone, no browser is
/// trusted, the mail is queued and the renewal's event is written.
#[derive(Clone, Debug)]
pub struct FactorConfirmation {
    /// Which factor.
    pub factor: FactorId,
    /// Younger than this, or it has waited too long.
    pub created_after: Timestamp,
    /// The step whose code was shown.
    pub step: TotpStep,
    /// The person's recovery codes from now on.
    pub codes: Vec<NewRecoveryCode>,
    /// The session that asks: who, when, the event.
    pub renewal: SessionRenewal,
    /// The way back, whose link is in the mail.
    pub undo: NewUndo,
    /// The mail that tells the owner.
    pub mail: OutgoingMail,
}

/// A factor taken away, decided. Afterwards the way back is kept, the code shown is used up, the factor and all recovery
/// codes count no more (and are kept as long as that can be undone), and the rest is as after a
/// [confirmation](FactorConfirmation).
#[derive(Clone, Debug)]
pub struct FactorRemoval {
    /// What was shown as proof.
    pub used: FactorUse,
    /// The session that asks: who, when, the event.
    pub renewal: SessionRenewal,
    /// The way back, whose link is in the mail.
    pub undo: NewUndo,
    /// The mail that tells the owner.
    pub mail: OutgoingMail,
}

/// How a change of the second factor ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorChangeOutcome {
    /// It is as decided.
    Changed,
    /// Another change came first: what was to be confirmed or taken away is not there any more. Nothing was written.
    Superseded,
    /// The code was used before, or is nobody's. Nothing was written.
    Spent,
    /// The session has ended or goes by another token. Nothing was written.
    SessionEnded,
}

/// New recovery codes in place of all others, decided. Afterwards these and no others are good, the way back is kept, the
/// mail is queued and the event is written.
#[derive(Clone, Debug)]
pub struct CodesRenewal {
    /// Whose.
    pub user: UserId,
    /// The person's recovery codes from now on.
    pub codes: Vec<NewRecoveryCode>,
    /// The way back, whose link is in the mail.
    pub undo: NewUndo,
    /// The mail that tells the owner.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// A browser that signs in without the second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedDevice {
    /// Its name.
    pub id: DeviceId,
    /// What it calls itself.
    pub user_agent: Option<String>,
    /// When the person first signed in with it.
    pub created: Timestamp,
    /// When they last did.
    pub last_used: Timestamp,
    /// Until when it is trusted.
    pub trusted_until: Timestamp,
}

/// Trust taken back, decided. Afterwards the browser signs in with the second factor again, and the event is written.
#[derive(Clone, Debug)]
pub struct TrustWithdrawal {
    /// Whose browsers.
    pub user: UserId,
    /// Which; all of them without one.
    pub device: Option<DeviceId>,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// A sign-in whose password was right and whose second factor is asked for, decided. Afterwards it waits under its token's
/// digest, the better hash is stored if there is one, and the event is written.
#[derive(Clone, Debug)]
pub struct NewChallenge {
    /// Its name.
    pub id: ChallengeId,
    /// Who wants to sign in.
    pub user: UserId,
    /// The digest of its token.
    pub digest: TokenDigest,
    /// The version of the credential the password was checked against.
    pub credential_version: i32,
    /// A hash with today's parameters, stored if that version is still the one.
    pub rehash: Option<PasswordHash>,
    /// Whether the session should outlive the browser.
    pub remembered: bool,
    /// When.
    pub created: Timestamp,
    /// Until when the second factor may be shown.
    pub expires: Timestamp,
    /// The event.
    pub event: AuditEvent,
}

impl NewChallenge {
    /// How long the second factor may take.
    pub const LIFE: chrono::Duration = chrono::Duration::minutes(10);
    /// How often it may be tried.
    pub const ATTEMPTS: u32 = 5;
}

/// A sign-in that waits, with an attempt counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedAttempt {
    /// Which.
    pub challenge: ChallengeId,
    /// Who wants to sign in.
    pub user: UserId,
    /// The version of the credential the password was checked against.
    pub credential_version: i32,
    /// Whether the session should outlive the browser.
    pub remembered: bool,
    /// Which attempt this is, from 1 to [`NewChallenge::ATTEMPTS`].
    pub attempt: u32,
}

/// A sign-in that is complete, decided. Afterwards the challenge and the code are used up, everything a [`SignIn`] says
/// holds, the browser is trusted if that was asked for, the mail, if any, is queued and the events are written.
#[derive(Clone, Debug)]
pub struct SecondFactorSignIn {
    /// What it waited under.
    pub challenge: ChallengeId,
    /// What was shown.
    pub used: FactorUse,
    /// The session to open, on the version of the credential the password was checked against.
    pub sign_in: SignIn,
    /// Until when the browser signs in without the second factor.
    pub trusted_until: Option<Timestamp>,
    /// The mail that warns of few recovery codes.
    pub mail: Option<OutgoingMail>,
    /// What happened besides the sign-in.
    pub events: Vec<AuditEvent>,
}

/// A code shown by somebody who is signed in, as proof of who they are. Afterwards it is used up, and the event, if any, is
/// written.
#[derive(Clone, Debug)]
pub struct FactorSpending {
    /// Whose.
    pub user: UserId,
    /// What was shown.
    pub used: FactorUse,
    /// The event.
    pub event: Option<AuditEvent>,
    /// When.
    pub at: Timestamp,
}

/// How the second step of a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorOutcome {
    /// The session is open.
    Opened,
    /// The code was used before, or is nobody's. Nothing was written.
    Spent,
    /// The challenge was used, or the password, the factor or the account's state changed meanwhile. Nothing was written.
    Superseded,
}

/// Keeps second factors.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait SecondFactorStore: Send + Sync {
    /// What this person can show.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn held(&self, user: &UserId) -> Result<HeldFactors, PortError>;

    /// The browsers that sign in without the second factor now, the one used last first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn trusted_devices(&self, user: &UserId, now: &Timestamp) -> Result<Vec<TrustedDevice>, PortError>;

    /// Stores a pending factor. `false` when the person has a confirmed one, or is gone; then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn enrol(&self, factor: &NewFactor) -> Result<bool, PortError>;

    /// Makes a pending factor count. Of several confirmations at once exactly one wins.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn confirm(&self, confirmation: &FactorConfirmation) -> Result<FactorChangeOutcome, PortError>;

    /// Takes the factor away.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn remove(&self, removal: &FactorRemoval) -> Result<FactorChangeOutcome, PortError>;

    /// Replaces the recovery codes. `false` when the person has no confirmed factor; then nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn renew_codes(&self, renewal: &CodesRenewal) -> Result<bool, PortError>;

    /// Takes trust back. Answers how many browsers were trusted; with none, nothing was written.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn withdraw_trust(&self, withdrawal: &TrustWithdrawal) -> Result<u64, PortError>;

    /// Has a sign-in wait for its second factor.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn challenge(&self, challenge: &NewChallenge) -> Result<(), PortError>;

    /// Counts an attempt on the sign-in that waits under this token, before it is looked at. `None` when there is none, it
    /// has expired or was used, or has no attempt left. Of any number of attempts at once, no more than
    /// [`NewChallenge::ATTEMPTS`] are counted.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was counted.
    async fn count_attempt(&self, digest: &TokenDigest, now: &Timestamp) -> Result<Option<CountedAttempt>, PortError>;

    /// Completes a sign-in. Of several uses of one code at once, on whatever challenges, exactly one opens a session.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written, but the attempt stays counted.
    async fn sign_in(&self, sign_in: &SecondFactorSignIn) -> Result<SecondFactorOutcome, PortError>;

    /// Uses a code up. `false` when it was used before or is nobody's; then nothing was written. Of several uses at once
    /// exactly one counts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn use_up(&self, spending: &FactorSpending) -> Result<bool, PortError>;
}
