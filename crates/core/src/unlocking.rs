//! Lifting a lock that failed sign-ins have put on an account.

mod service;

use async_trait::async_trait;
use rookery_domain::{Caller, DeviceToken};
use thiserror::Error;

use crate::ports::PortError;

pub use service::UnlockingService;

/// Somebody shows the token that was mailed to the owner of a locked account.
#[derive(Clone, Debug)]
pub struct Unlock {
    /// What they show.
    pub token: String,
    /// What this browser shows to say that somebody has signed in with it before.
    pub device: Option<DeviceToken>,
    /// From where.
    pub caller: Caller,
}

/// The lock is lifted.
#[derive(Clone, Debug)]
pub struct Unlocked {
    /// By which this browser is known from now on: strangers cannot lock it out again.
    pub device: DeviceToken,
}

/// Why no lock was lifted.
#[derive(Debug, Error)]
pub enum UnlockError {
    /// Unknown, used, void, expired, for another purpose: nobody can tell which.
    #[error("invalid or expired token")]
    InvalidToken,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Getting past a lock through one's mailbox.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Unlocking: Send + Sync {
    /// Uses the token up, lifts the lock of the address it was mailed to, and makes this browser a known one. Signs
    /// nobody in.
    ///
    /// # Errors
    /// [`UnlockError`]; then nothing has changed.
    async fn unlock(&self, unlock: Unlock) -> Result<Unlocked, UnlockError>;
}
