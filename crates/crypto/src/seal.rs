//! Texts that must be read again, kept under lock.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rookery_core::ports::{Entropy, PortError, Sealer};

use crate::{KeyId, SecretKey};

/// The first byte of a seal: how the rest is laid out.
const VERSION: u8 = 1;
/// Bytes of a nonce. At random they repeat with a chance of 2⁻⁹⁶ after 2⁴⁸ seals.
const NONCE: usize = 24;
/// Version and key id.
const HEADER: usize = 1 + 4;

/// [`Sealer`] with XChaCha20-Poly1305.
///
/// A seal is `version (1) · key id (4) · nonce (24) · cipher text · tag (16)`. The header and the context are
/// authenticated with it, so a seal that is moved to another row, or told to be of another key, does not open.
///
/// Keys rotate: what was sealed under an older key still opens as long as that key is given; new seals are always made
/// under the current one.
pub struct ChaChaSealer {
    current: Lock,
    older: Vec<Lock>,
    entropy: Arc<dyn Entropy>,
}

struct Lock {
    id: KeyId,
    cipher: XChaCha20Poly1305,
}

impl Lock {
    fn of(secret: &SecretKey) -> Self {
        Self {
            id: secret.id(),
            cipher: XChaCha20Poly1305::new(secret.subkey("seal").as_bytes().into()),
        }
    }
}

impl ChaChaSealer {
    /// Seals under the current secret and opens what any of these secrets sealed.
    #[must_use]
    pub fn new(current: &SecretKey, older: &[SecretKey], entropy: Arc<dyn Entropy>) -> Self {
        Self {
            current: Lock::of(current),
            older: older.iter().map(Lock::of).collect(),
            entropy,
        }
    }
}

impl Sealer for ChaChaSealer {
    fn seal(&self, plain: &[u8], context: &str) -> Result<Vec<u8>, PortError> {
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let header = header(self.current.id);
        let cipher_text = self
            .current
            .cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &authenticated(header, context),
                },
            )
            .map_err(|error| PortError::broken("seal.close", error))?;
        Ok([&header[..], &nonce, &cipher_text].concat())
    }

    fn open(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, PortError> {
        let broken = |what: &'static str| PortError::broken("seal.open", what);
        let (header, rest) = sealed
            .split_first_chunk::<HEADER>()
            .ok_or_else(|| broken("too short for a seal"))?;
        let (nonce, cipher_text) = rest
            .split_first_chunk::<NONCE>()
            .ok_or_else(|| broken("too short for a seal"))?;
        let [version, id @ ..] = *header;
        if version != VERSION {
            return Err(broken("a seal of an unknown version"));
        }
        let aad = authenticated(*header, context);
        let mut refusal = "sealed under a key that is not among the known ones";
        // Two keys share an id once in four thousand million; then both are tried.
        for lock in std::iter::once(&self.current)
            .chain(&self.older)
            .filter(|lock| lock.id == KeyId(id))
        {
            let payload = Payload {
                msg: cipher_text,
                aad: &aad,
            };
            match lock.cipher.decrypt(&XNonce::from(*nonce), payload) {
                Ok(plain) => return Ok(plain),
                Err(_) => refusal = "the seal was changed or belongs elsewhere",
            }
        }
        Err(broken(refusal))
    }
}

fn header(id: KeyId) -> [u8; HEADER] {
    let [a, b, c, d] = id.0;
    [VERSION, a, b, c, d]
}

/// The header has a fixed length, so that no two pairs of header and context spell the same bytes.
fn authenticated(header: [u8; HEADER], context: &str) -> Vec<u8> {
    [&header[..], context.as_bytes()].concat()
}

impl fmt::Debug for ChaChaSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChaChaSealer")
            .field("current", &self.current.id)
            .field("older", &self.older.iter().map(|lock| lock.id).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rookery_core::mocks::SeededEntropy;

    use super::*;

    fn key(seed: u64) -> SecretKey {
        SecretKey::generate(&SeededEntropy::from_seed(seed))
    }

    fn sealer(current: u64, older: &[u64]) -> ChaChaSealer {
        let older: Vec<_> = older.iter().map(|seed| key(*seed)).collect();
        ChaChaSealer::new(&key(current), &older, Arc::new(SeededEntropy::default()))
    }

    fn refusal(result: Result<Vec<u8>, PortError>) -> String {
        let error = result.unwrap_err();
        assert!(!error.is_unavailable());
        error.chain()
    }

    // Proves: ASVS 11.3.3
    #[test]
    fn a_seal_opens_only_in_its_own_place() {
        let sealer = sealer(1, &[]);
        let seal = sealer.seal(b"the letter", "mail 1").unwrap();
        assert_eq!(sealer.open(&seal, "mail 1").unwrap(), b"the letter");
        assert_eq!(
            refusal(sealer.open(&seal, "mail 2")),
            "seal.open failed: the seal was changed or belongs elsewhere"
        );
    }

    #[test]
    fn a_seal_with_any_bit_changed_or_any_end_cut_off_does_not_open() {
        let sealer = sealer(1, &[]);
        let seal = sealer.seal(b"the letter", "mail 1").unwrap();
        for position in 0..seal.len() {
            for bit in 0..8 {
                let mut changed = seal.clone();
                changed[position] ^= 1 << bit;
                assert!(sealer.open(&changed, "mail 1").is_err(), "byte {position}, bit {bit}");
            }
            assert!(
                sealer.open(&seal[..position], "mail 1").is_err(),
                "cut off at {position}"
            );
        }
    }

    #[test]
    fn after_a_rotation_old_seals_open_and_new_ones_are_made_under_the_new_key() {
        let before = sealer(1, &[]);
        let after = sealer(2, &[1]);
        let much_later = sealer(2, &[]);
        let old = before.seal(b"old", "mail").unwrap();
        let new = after.seal(b"new", "mail").unwrap();
        assert_eq!(after.open(&old, "mail").unwrap(), b"old");
        assert_eq!(much_later.open(&new, "mail").unwrap(), b"new");
        assert_eq!(
            refusal(much_later.open(&old, "mail")),
            "seal.open failed: sealed under a key that is not among the known ones"
        );
    }

    #[test]
    fn the_same_text_never_gives_the_same_seal() {
        let sealer = sealer(1, &[]);
        assert_ne!(
            sealer.seal(b"text", "mail").unwrap(),
            sealer.seal(b"text", "mail").unwrap()
        );
    }

    #[test]
    fn a_seal_made_by_another_implementation_opens() {
        // PyCryptodome's ChaCha20_Poly1305 with a 24-byte nonce, key and layout as documented above.
        let secret = SecretKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap();
        let sealer = ChaChaSealer::new(&secret, &[], Arc::new(SeededEntropy::default()));
        let seal = hex(
            "017479bddc6465666768696a6b6c6d6e6f707172737475767778797a7b9c2eb8b9107e0ed007ed039a56e2d00809e1e3560ef50861ff9feecbff35",
        );
        assert_eq!(sealer.open(&seal, "a row").unwrap(), b"made elsewhere");
    }

    #[test]
    fn debug_output_names_keys_and_shows_none() {
        let text = format!("{:?}", sealer(1, &[2]));
        assert_eq!(
            text,
            format!(
                "ChaChaSealer {{ current: {:?}, older: [{:?}], .. }}",
                key(1).id(),
                key(2).id()
            )
        );
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens_to_itself(plain in any::<Vec<u8>>(), context in ".*") {
            let sealer = sealer(7, &[8]);
            let seal = sealer.seal(&plain, &context).unwrap();
            prop_assert_eq!(seal.len(), HEADER + NONCE + plain.len() + 16);
            prop_assert_eq!(sealer.open(&seal, &context).unwrap(), plain);
        }

        #[test]
        fn garbage_is_refused_without_a_panic(seal in any::<Vec<u8>>()) {
            prop_assert!(sealer(7, &[8]).open(&seal, "").is_err());
        }
    }
}
