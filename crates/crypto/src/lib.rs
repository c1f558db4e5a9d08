//! The cryptography of Rookery: what the ports [`Entropy`](rookery_core::ports::Entropy),
//! [`Sealer`](rookery_core::ports::Sealer) and [`PasswordHasher`](rookery_core::ports::PasswordHasher) promise, kept.
//!
//! | what | with what | key |
//! |---|---|---|
//! | chance ([`OsEntropy`]) | the operating system's generator | |
//! | passwords at rest ([`Argon2Hasher`]) | Argon2id, RFC 9106 | optional pepper, named in each hash |
//! | texts that are read again ([`ChaChaSealer`]) | XChaCha20-Poly1305 | a subkey of the [`SecretKey`], named in each seal |
//! | codes of authenticator apps ([`Totp`]) | HMAC-SHA-1, RFC 6238 | a secret of the person's own, sealed |
//! | names of counters, recovery codes at rest ([`HmacDigest`]) | HMAC-SHA-256, RFC 2104 | a subkey of the [`SecretKey`] |
//! | subkeys ([`SecretKey::subkey`]) | HKDF-SHA256, RFC 5869 | the [`SecretKey`] |
//!
//! No primitive is written here; they come from the `RustCrypto` project.

mod argon2_hasher;
mod cost;
mod crew;
mod entropy;
mod keyed_digest;
mod pepper;
mod seal;
mod secret_key;
mod stored_hash;
mod totp;

pub use argon2_hasher::{Argon2Hasher, HashObserver, HasherSettings, HasherStartError};
pub use cost::{Argon2Cost, UnacceptableCost};
pub use entropy::OsEntropy;
pub use keyed_digest::HmacDigest;
pub use pepper::Peppers;
pub use seal::ChaChaSealer;
pub use secret_key::{InvalidSecretKey, KeyId, SecretKey};
pub use totp::Totp;
