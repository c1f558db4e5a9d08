//! What passwords must be, and how slowly they are hashed.

use std::num::NonZeroUsize;
use std::thread;

use rookery_crypto::{Argon2Cost, SecretKey, UnacceptableCost};
use rookery_domain::PasswordRules;
use rookery_domain::password::{MAX_CHARS, MIN_CHARS};

use super::parse::{list, number};
use super::reader::{Noted, Reader};
use super::secrets::key;

/// Passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    /// What a chosen password must meet.
    pub rules: PasswordRules,
    /// What hashing it costs.
    pub cost: Argon2Cost,
    /// Threads that hash.
    pub hash_threads: NonZeroUsize,
    /// A secret that goes into every new hash.
    pub pepper: Option<SecretKey>,
    /// Those that went into hashes before.
    pub older_peppers: Vec<SecretKey>,
}

impl Passwords {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        let min_chars = reader.value("password.min_length", number(MIN_CHARS, MAX_CHARS));
        let cost = cost(reader);
        let hash_threads = hash_threads(reader);
        let pepper = reader.optional("password.pepper", key);
        let older_peppers = reader.optional("password.older_peppers", list(key));
        Ok(Self {
            rules: PasswordRules {
                min_chars: min_chars?,
                ..PasswordRules::default()
            },
            cost: cost?,
            hash_threads: hash_threads?,
            pepper: pepper?,
            older_peppers: older_peppers?.unwrap_or_default(),
        })
    }
}

fn cost(reader: &mut Reader) -> Result<Argon2Cost, Noted> {
    let memory = reader.value("password.argon2_memory_kib", number(1_u32, u32::MAX));
    let passes = reader.value("password.argon2_iterations", number(1_u32, u32::MAX));
    let lanes = reader.value("password.argon2_parallelism", number(1_u32, u32::MAX));
    let (memory, passes) = (memory?, passes?);
    Argon2Cost::new(memory, passes, lanes?).map_err(|error| {
        let demand = match error {
            UnacceptableCost::TooWeak { .. } => format!(
                "be stronger with {passes} iterations: at least 47104 with 1, 19456 with 2, 12288 with 3, 9216 with 4, \
                 7168 with 5 or more"
            ),
            UnacceptableCost::OutOfBounds { .. } => {
                "be at most 262144, with at most 16 iterations and a parallelism of at most 8".to_owned()
            }
        };
        reader.refuse("password.argon2_memory_kib", &demand)
    })
}

fn hash_threads(reader: &mut Reader) -> Result<NonZeroUsize, Noted> {
    let most = NonZeroUsize::new(256).unwrap_or(NonZeroUsize::MIN);
    let threads = reader.optional("password.hash_threads", number(NonZeroUsize::MIN, most))?;
    Ok(threads.unwrap_or_else(|| {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        reader.derive("password.hash_threads", &cores);
        cores
    }))
}
