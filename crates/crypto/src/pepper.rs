//! A secret that goes into every password hash and is kept outside the database.

use thiserror::Error;
use zeroize::Zeroizing;

use crate::{KeyId, SecretKey};

/// The peppers of an installation: whoever steals the database without them cannot even begin to guess.
///
/// Each hash names its pepper by [`KeyId`], so peppers can be introduced, changed and taken away: hashes made otherwise
/// go on working as long as their pepper is among the older ones, and are made anew at their owner's next login.
#[derive(Debug, Default)]
pub struct Peppers {
    current: Option<Pepper>,
    older: Vec<Pepper>,
}

#[derive(Debug)]
struct Pepper {
    id: KeyId,
    secret: SecretKey,
}

/// A pepper no hash can be checked without.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("made with pepper {0}, which is not among the known ones")]
pub(crate) struct UnknownPepper(KeyId);

impl Pepper {
    fn of(secret: &SecretKey) -> Self {
        Self {
            id: secret.id(),
            secret: secret.subkey("password-pepper"),
        }
    }
}

impl Peppers {
    /// No pepper, as by default.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// New hashes are made with `current` (`None`: with no pepper any more), and those made with an older one can still
    /// be checked.
    #[must_use]
    pub fn new(current: Option<&SecretKey>, older: &[SecretKey]) -> Self {
        Self {
            current: current.map(Pepper::of),
            older: older.iter().map(Pepper::of).collect(),
        }
    }

    /// The pepper new hashes name.
    pub(crate) fn current(&self) -> Option<KeyId> {
        self.current.as_ref().map(|pepper| pepper.id)
    }

    /// The secret a hash was made with: none if it names none.
    pub(crate) fn secret(&self, id: Option<KeyId>) -> Result<Option<Zeroizing<[u8; 32]>>, UnknownPepper> {
        let Some(id) = id else { return Ok(None) };
        self.current
            .iter()
            .chain(&self.older)
            .find(|pepper| pepper.id == id)
            .map(|pepper| Some(Zeroizing::new(*pepper.secret.as_bytes())))
            .ok_or(UnknownPepper(id))
    }
}
