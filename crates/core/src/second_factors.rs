//! What is shown beside the password: setting it up, replacing it, taking it away.

mod check;
mod service;

use async_trait::async_trait;
use rookery_domain::{
    AuthMethod, Caller, DeviceId, Factor, FactorId, RecoveryCode, SessionToken, Timestamp, TotpCode, TotpSecret,
};
use thiserror::Error;

use crate::passing_on::may_be_throttled;
use crate::ports::{AppInvitation, PortError, SignedIn, TrustedDevice};
use crate::{ReauthenticationRequired, Refusal, RenewedSession};

pub use check::FactorCheck;
pub use service::SecondFactorService;

/// What somebody shows as their second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorProof {
    /// What their app shows.
    Code(TotpCode),
    /// One of their recovery codes.
    RecoveryCode(RecoveryCode),
}

impl FactorProof {
    /// What a session is marked with when it is right.
    #[must_use]
    pub const fn method(&self) -> AuthMethod {
        match self {
            Self::Code(_) => AuthMethod::Totp,
            Self::RecoveryCode(_) => AuthMethod::RecoveryCode,
        }
    }
}

/// How a person stands with second factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactorStatus {
    /// The app sign-ins ask for.
    pub confirmed: Option<Factor>,
    /// The app whose first code may still come.
    pub pending: Option<Factor>,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
    /// The browsers that sign in without it, the one used last first.
    pub trusted_devices: Vec<TrustedDevice>,
    /// From when on this session is worth nothing else until a second factor is set up, because a tenant asks for one.
    pub required_by: Option<Timestamp>,
}

/// A secret to put into an app, shown once.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The factor it will be.
    pub factor: FactorId,
    /// The secret.
    pub secret: TotpSecret,
    /// The same for a camera and for an app on the same device.
    pub invitation: AppInvitation,
    /// Until when its first code may be shown.
    pub expires: Timestamp,
}

/// A second factor counts from now on.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// Codes for the day the app is gone, shown once.
    pub codes: Vec<RecoveryCode>,
    /// The session goes on, under a new token.
    pub session: RenewedSession,
}

/// Why a second factor is as it was.
#[derive(Debug, Error)]
pub enum SecondFactorError {
    /// The session ended meanwhile, or has just ended because this was one wrong code too many in a row.
    #[error("not signed in")]
    NotSignedIn,
    /// The person proved too long ago who they are.
    #[error(transparent)]
    ReauthenticationRequired(#[from] ReauthenticationRequired),
    /// There is one already: it must be taken away before another is set up.
    #[error("a second factor is set up already")]
    AlreadyEnrolled,
    /// There is none, or none that waits for its first code.
    #[error("no second factor is set up")]
    NotEnrolled,
    /// A tenant they belong to asks for one, so it stays.
    #[error("a tenant asks for a second factor")]
    RequiredByTenant,
    /// No such browser is trusted.
    #[error("no such trusted device")]
    NotTrusted,
    /// The code is another one, or was used before.
    #[error("the code is incorrect")]
    WrongCode,
    /// Too many codes were wrong.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(SecondFactorError);

/// A signed-in person's own second factor. One at a time: who has a new phone takes the old app away first, with a code of
/// it or a recovery code, so that nobody replaces what he cannot show.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait SecondFactors: Send + Sync {
    /// How things stand. Never tells a secret.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn status(&self, signed_in: &SignedIn) -> Result<SecondFactorStatus, PortError>;

    /// Makes a secret for an app. Nothing counts before [its first code](Self::confirm); a secret shown before is void.
    ///
    /// # Errors
    /// [`SecondFactorError::ReauthenticationRequired`], [`SecondFactorError::AlreadyEnrolled`].
    async fn enrol(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Enrolment, SecondFactorError>;

    /// The app shows the right code: from now on every sign-in asks for one. `held` is the token the session was asked
    /// with; the session goes on under a new one as one with a second factor, every other session ends, no browser is
    /// trusted any more, and the owner is told by mail.
    ///
    /// # Errors
    /// [`SecondFactorError::NotEnrolled`] when no secret waits, [`SecondFactorError::WrongCode`].
    async fn confirm(
        &self,
        signed_in: &SignedIn,
        held: &SessionToken,
        code: TotpCode,
        caller: &Caller,
    ) -> Result<Enrolled, SecondFactorError>;

    /// Takes the second factor and its recovery codes away. For sessions, browsers and mail the same as above.
    ///
    /// # Errors
    /// [`SecondFactorError`]
    async fn remove(
        &self,
        signed_in: &SignedIn,
        held: &SessionToken,
        proof: FactorProof,
        caller: &Caller,
    ) -> Result<RenewedSession, SecondFactorError>;

    /// Makes new recovery codes; the old ones are worth nothing any more. The owner is told by mail.
    ///
    /// # Errors
    /// [`SecondFactorError::ReauthenticationRequired`], [`SecondFactorError::NotEnrolled`].
    async fn renew_codes(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Vec<RecoveryCode>, SecondFactorError>;

    /// Has one browser, or all, sign in with the second factor again. Without one named, none being trusted is fine.
    ///
    /// # Errors
    /// [`SecondFactorError::NotTrusted`] for a browser that is not trusted, or somebody else's.
    async fn forget_devices(
        &self,
        signed_in: &SignedIn,
        device: Option<DeviceId>,
        caller: &Caller,
    ) -> Result<(), SecondFactorError>;
}
