//! Browsers that people have signed in with before.

use async_trait::async_trait;
use rookery_domain::{DeviceId, EmailAddress, Timestamp, TokenDigest, UserId};

use super::PortError;

/// A browser this person has signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    /// Its name.
    pub id: DeviceId,
    /// The person.
    pub user: UserId,
    /// When a session was last opened from it, a lock lifted, or a second factor set up.
    pub last_used: Timestamp,
    /// Until when it signs in without the second factor.
    pub trusted_until: Option<Timestamp>,
}

/// The browser of a successful sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceUse {
    /// One the person has used before: its last use is written.
    Known(DeviceId),
    /// Another one, which is known from now on.
    New(NewDevice),
}

/// A browser to remember for a person. Of a person's devices the [`KnownDevice::MAX_PER_USER`] used last are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// Its name.
    pub id: DeviceId,
    /// The digest of the token it is given.
    pub digest: TokenDigest,
    /// The digest of the token it showed, if it did. It is replaced for everybody who has used the browser, so that
    /// whoever planted a token there of which he kept a copy holds nothing.
    pub replaces: Option<TokenDigest>,
}

impl KnownDevice {
    /// How many browsers are remembered for one person.
    pub const MAX_PER_USER: u32 = 50;
}

/// Keeps devices.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait DeviceStore: Send + Sync {
    /// The device with this token, if the person with this address has signed in with it. One statement, whether or not
    /// the address belongs to anybody.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn known(&self, digest: &TokenDigest, email: &EmailAddress) -> Result<Option<KnownDevice>, PortError>;
}
