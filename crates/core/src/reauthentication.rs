//! Proving again who one is, before something sensitive.

mod service;

use async_trait::async_trait;
use rookery_domain::{AuthMethod, Caller, PasswordAttempt, SessionToken};
use thiserror::Error;

use crate::passing_on::{may_be_busy, may_be_throttled};
use crate::ports::{PortError, SignedIn};
use crate::throttling::Refusal;
use crate::{FactorProof, RenewedSession};

pub use service::ReauthenticationService;

/// What somebody shows to prove who they are.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Their password.
    Password(PasswordAttempt),
    /// Their second factor, if they have one. A browser that is trusted to sign in without it proves nothing here.
    SecondFactor(FactorProof),
}

impl Proof {
    /// What the session is marked with when it is right.
    #[must_use]
    pub const fn method(&self) -> AuthMethod {
        match self {
            Self::Password(_) => AuthMethod::Password,
            Self::SecondFactor(proof) => proof.method(),
        }
    }
}

/// A signed-in person proves again who they are.
#[derive(Clone, Debug)]
pub struct Reauthenticate {
    /// The token they hold, which ends with a right proof.
    pub held: SessionToken,
    /// What they show.
    pub proof: Proof,
    /// From where.
    pub caller: Caller,
}

/// Why the proof did not count.
#[derive(Debug, Error)]
pub enum ReauthenticationError {
    /// The session has ended, has been renewed from elsewhere a moment before, or has just ended because this was one
    /// wrong proof too many in a row.
    #[error("not signed in")]
    NotSignedIn,
    /// It is wrong.
    #[error("the proof is wrong")]
    WrongProof,
    /// There were too many wrong ones.
    #[error(transparent)]
    Throttled(Refusal),
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_busy!(ReauthenticationError);
may_be_throttled!(ReauthenticationError);

/// Step-up: a fresh proof on a session that is older than what is asked of it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Reauthentication: Send + Sync {
    /// Renews the session on a right proof: it goes on under a new token, counts as [fresh](rookery_domain::Session::is_fresh)
    /// from now, and remembers the method. Its end stays where it was. Wrong proofs are counted by the
    /// [`ProofGuard`](crate::ProofGuard).
    ///
    /// # Errors
    /// [`ReauthenticationError`]; then the session is as it was, unless it has ended.
    async fn prove(
        &self,
        signed_in: &SignedIn,
        reauthenticate: Reauthenticate,
    ) -> Result<RenewedSession, ReauthenticationError>;
}
