//! A password hash as it is stored: a PHC string, read with suspicion.

use std::fmt;

use argon2::password_hash::phc;
use argon2::{ARGON2ID_IDENT, Version};
use rookery_domain::PasswordHash;
use thiserror::Error;

use crate::cost::{Argon2Cost, UnacceptableCost};
use crate::{KeyId, Peppers};

/// Bytes of a salt we draw.
pub(crate) const SALT: usize = 16;
/// Bytes of a tag we make.
pub(crate) const TAG: usize = 32;
/// Fewest bytes of a tag we believe: 128 bits.
const SHORTEST_TAG: usize = 16;

/// What a tag is computed from, beside the password.
#[derive(Clone)]
pub(crate) struct Recipe {
    pub(crate) cost: Argon2Cost,
    pub(crate) pepper: Option<KeyId>,
    pub(crate) salt: Vec<u8>,
}

/// A recipe and the tag it gave.
#[derive(Clone)]
pub(crate) struct StoredHash {
    pub(crate) recipe: Recipe,
    pub(crate) tag: Vec<u8>,
}

/// Why a stored hash is not used. Says nothing of salt or tag.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum Unreadable {
    #[error("not a PHC string")]
    Syntax,
    #[error("not argon2id of version 19")]
    Algorithm,
    #[error("a parameter is missing, doubled or unknown")]
    Parameters,
    #[error(transparent)]
    Cost(#[from] UnacceptableCost),
    #[error("salt or tag are missing or too short")]
    SaltOrTag,
}

impl StoredHash {
    pub(crate) fn read(hash: &PasswordHash) -> Result<Self, Unreadable> {
        let phc = phc::PasswordHash::new(hash.as_phc()).map_err(|_| Unreadable::Syntax)?;
        if phc.algorithm != ARGON2ID_IDENT || phc.version != Some(Version::V0x13.into()) {
            return Err(Unreadable::Algorithm);
        }
        let mut memory_kib = None;
        let mut passes = None;
        let mut lanes = None;
        let mut pepper = None;
        for (name, value) in phc.params.iter() {
            let number = || value.decimal().map_err(|_| Unreadable::Parameters);
            let doubled = match name.as_str() {
                "m" => memory_kib.replace(number()?).is_some(),
                "t" => passes.replace(number()?).is_some(),
                "p" => lanes.replace(number()?).is_some(),
                "keyid" => pepper.replace(key_id(value.as_str())?).is_some(),
                _ => true,
            };
            if doubled {
                return Err(Unreadable::Parameters);
            }
        }
        let (Some(memory_kib), Some(passes), Some(lanes)) = (memory_kib, passes, lanes) else {
            return Err(Unreadable::Parameters);
        };
        let cost = Argon2Cost::of_stored(memory_kib, passes, lanes)?;
        match (phc.salt, phc.hash) {
            (Some(salt), Some(tag)) if tag.len() >= SHORTEST_TAG => Ok(Self {
                recipe: Recipe {
                    cost,
                    pepper,
                    salt: salt.to_vec(),
                },
                tag: tag.as_bytes().to_vec(),
            }),
            _ => Err(Unreadable::SaltOrTag),
        }
    }

    pub(crate) fn print(&self) -> Result<PasswordHash, phc::Error> {
        let Recipe { cost, pepper, salt } = &self.recipe;
        let mut params = phc::ParamsString::new();
        params.add_decimal("m", cost.memory_kib())?;
        params.add_decimal("t", cost.passes())?;
        params.add_decimal("p", cost.lanes())?;
        if let Some(KeyId(id)) = pepper {
            params.add_b64_bytes("keyid", id)?;
        }
        let phc = phc::PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params,
            salt: Some(phc::Salt::new(salt)?),
            hash: Some(phc::Output::new(&self.tag)?),
        };
        Ok(PasswordHash::from_phc(phc.to_string()))
    }

    /// Whether a hash made today would look different.
    pub(crate) fn is_outdated(&self, cost: &Argon2Cost, peppers: &Peppers) -> bool {
        self.recipe.cost != *cost
            || self.recipe.pepper != peppers.current()
            || self.recipe.salt.len() < SALT
            || self.tag.len() != TAG
    }
}

/// Neither salt nor tag.
impl fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredHash")
            .field("cost", &self.recipe.cost)
            .field("pepper", &self.recipe.pepper)
            .finish_non_exhaustive()
    }
}

fn key_id(text: &str) -> Result<KeyId, Unreadable> {
    let id: argon2::KeyId = text.parse().map_err(|_| Unreadable::Parameters)?;
    id.as_bytes().try_into().map(KeyId).map_err(|_| Unreadable::Parameters)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALT_AND_TAG: &str = "$AAECAwQFBgcICQoLDA0ODw$SA/fF7KmSF417z3JufTZP3ONRc7r0EoJ2PzyeEkgaNA";

    fn read(text: String) -> Result<StoredHash, Unreadable> {
        StoredHash::read(&PasswordHash::from_phc(text))
    }

    #[test]
    fn what_is_read_prints_back_to_itself() {
        for parameters in ["m=19456,t=2,p=1", "m=65536,t=3,p=4,keyid=dHm93A"] {
            let text = format!("$argon2id$v=19${parameters}{SALT_AND_TAG}");
            assert_eq!(read(text.clone()).unwrap().print().unwrap().as_phc(), text);
        }
    }

    #[test]
    fn parameters_that_would_take_the_machine_down_are_refused_before_they_are_used() {
        for parameters in [
            "m=262145,t=2,p=1",
            "m=4294967295,t=2,p=1",
            "m=19456,t=17,p=1",
            "m=19456,t=4294967295,p=1",
            "m=19456,t=2,p=9",
            "m=19456,t=0,p=1",
            "m=7,t=2,p=1",
        ] {
            let refused = read(format!("$argon2id$v=19${parameters}{SALT_AND_TAG}")).err();
            assert!(
                matches!(refused, Some(Unreadable::Cost(UnacceptableCost::OutOfBounds { .. }))),
                "{parameters}: {refused:?}"
            );
        }
    }

    #[test]
    fn everything_that_is_not_a_whole_argon2id_hash_is_refused() {
        for (text, why) in [
            (String::new(), Unreadable::Syntax),
            ("hunter2".to_owned(), Unreadable::Syntax),
            (
                format!("$argon2i$v=19$m=19456,t=2,p=1{SALT_AND_TAG}"),
                Unreadable::Algorithm,
            ),
            (
                format!("$argon2id$v=16$m=19456,t=2,p=1{SALT_AND_TAG}"),
                Unreadable::Algorithm,
            ),
            (
                format!("$argon2id$m=19456,t=2,p=1{SALT_AND_TAG}"),
                Unreadable::Algorithm,
            ),
            (
                format!("$argon2id$v=19$m=19456,t=2{SALT_AND_TAG}"),
                Unreadable::Parameters,
            ),
            (
                format!("$argon2id$v=19$m=19456,t=2,p=1,m=8{SALT_AND_TAG}"),
                Unreadable::Parameters,
            ),
            (
                format!("$argon2id$v=19$m=19456,t=2,p=1,x=1{SALT_AND_TAG}"),
                Unreadable::Parameters,
            ),
            (
                format!("$argon2id$v=19$m=4294967296,t=2,p=1{SALT_AND_TAG}"),
                Unreadable::Parameters,
            ),
            (
                format!("$argon2id$v=19$m=-1,t=2,p=1{SALT_AND_TAG}"),
                Unreadable::Parameters,
            ),
            (
                format!("$argon2id$v=19$m=19456,t=2,p=1,keyid=dHm9{SALT_AND_TAG}"),
                Unreadable::Parameters,
            ),
            (
                "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw".to_owned(),
                Unreadable::SaltOrTag,
            ),
            (
                "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$SA/fF7KmSF417z3JufTZ".to_owned(),
                Unreadable::SaltOrTag,
            ),
        ] {
            assert_eq!(read(text.clone()).err(), Some(why), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn garbage_is_refused_without_a_panic(text in any::<String>(), parameters in "[mtp0-9=,kyeid]{0,40}") {
            prop_assert!(read(text).is_err());
            let _ = read(format!("$argon2id$v=19${parameters}{SALT_AND_TAG}"));
        }
    }
}
