//! Turning passwords into hashes, slowly on purpose.

use async_trait::async_trait;
use rookery_domain::{PasswordAttempt, PasswordHash};
use thiserror::Error;

use super::PortError;

/// Who is waiting. Strangers can fill their own lane and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody signed in, or on a device they have signed in with before, or with a mailed token: served first.
    Known,
    /// Anybody else.
    Stranger,
}

/// What comparing a password with a hash showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Right,
    /// It is the password, but the hash was made with other parameters than today's and should be made anew.
    RightButOutdated,
    /// It is not.
    Wrong,
}

/// Why a password could not be hashed or compared.
#[derive(Debug, Error)]
pub enum HasherError {
    /// The bounded queue is full: come back in a moment.
    #[error("the password hasher is busy")]
    Busy,
    /// No memory to hash with, or the hasher has been shut down.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Hashes passwords with Argon2id (RFC 9106), off the threads that serve requests, with bounded memory and bounded lanes.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A new salted hash.
    ///
    /// # Errors
    /// [`HasherError::Busy`] at once when the lane is full.
    async fn hash(&self, password: &PasswordAttempt, lane: Lane) -> Result<PasswordHash, HasherError>;

    /// Compares in constant time. A hash that cannot be checked (damaged, or made with a pepper that is gone) is
    /// [`Verdict::Wrong`] after the work of [`verify_nobody`](Self::verify_nobody), and logged: nobody learns from it that
    /// there is an account.
    ///
    /// # Errors
    /// [`HasherError::Busy`] at once when the queue is full.
    async fn verify(&self, password: &PasswordAttempt, hash: &PasswordHash, lane: Lane)
    -> Result<Verdict, HasherError>;

    /// Does the same work as [`verify`](Self::verify) for a password that can belong to nobody, so that an unknown
    /// address costs what a known one costs.
    ///
    /// # Errors
    /// [`HasherError::Busy`] under the same conditions as for somebody.
    async fn verify_nobody(&self, password: &PasswordAttempt, lane: Lane) -> Result<(), HasherError>;
}
