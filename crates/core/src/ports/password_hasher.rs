//! Turning passwords into hashes, slowly on purpose.

use async_trait::async_trait;
use rookery_domain::{PasswordAttempt, PasswordHash};
use thiserror::Error;

use super::PortError;

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
    /// The stored hash cannot be read, or asks for more memory than is allowed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Hashes passwords with Argon2id (RFC 9106), off the threads that serve requests, with bounded memory and a bounded queue.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A new salted hash.
    ///
    /// # Errors
    /// [`HasherError::Busy`] at once when the queue is full.
    async fn hash(&self, password: &PasswordAttempt) -> Result<PasswordHash, HasherError>;

    /// Compares in constant time.
    ///
    /// # Errors
    /// [`HasherError`] when busy or when the hash makes no sense.
    async fn verify(&self, password: &PasswordAttempt, hash: &PasswordHash) -> Result<Verdict, HasherError>;

    /// Does the same work as [`verify`](Self::verify) for a password that can belong to nobody, so that an unknown
    /// address costs what a known one costs.
    ///
    /// # Errors
    /// [`HasherError::Busy`] under the same conditions as for somebody.
    async fn verify_nobody(&self, password: &PasswordAttempt) -> Result<(), HasherError>;
}
