//! The installation's secret.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use rookery_core::ports::Entropy;
use rookery_domain::SecretString;
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

/// Length of a key in bytes.
const LENGTH: usize = 32;
/// Fewer different bytes than this among 32 do not come from a random generator (chance below 10⁻¹²), but from a person.
const FEWEST_DISTINCT_BYTES: usize = 16;

/// 256 secret bits from which every other key is derived. Wiped when dropped; shows itself only when
/// [asked to](Self::to_text).
#[derive(Clone)]
pub struct SecretKey([u8; LENGTH]);

/// Why a text is no secret key. Says nothing of the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidSecretKey {
    /// Neither 43 or 44 characters of base64 nor 64 of hex.
    #[error("a secret key is 32 random bytes, written as 43 or 44 characters of base64 or 64 of hex")]
    Spelling,
    /// It was made up rather than drawn.
    #[error("this secret key is not random: make one with `openssl rand -base64 32`")]
    Weak,
}

/// Tells keys apart without telling them: 32 bits derived from the key, so that nobody has to number keys by hand.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) [u8; 4]);

impl SecretKey {
    /// A key drawn now.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Self([0; LENGTH]);
        entropy.fill(&mut key.0);
        key
    }

    /// A key as a person or a file spells it: base64 or base64url with or without padding, or hex in any case; white
    /// space around it does not count.
    ///
    /// # Errors
    /// [`InvalidSecretKey`] for another spelling, and for bytes that are no random ones.
    pub fn parse(text: &str) -> Result<Self, InvalidSecretKey> {
        let text = text.trim();
        let bytes = decode(text).ok_or(InvalidSecretKey::Spelling)?;
        let key = Self(bytes.as_slice().try_into().map_err(|_| InvalidSecretKey::Spelling)?);
        if key.distinct_bytes() < FEWEST_DISTINCT_BYTES {
            return Err(InvalidSecretKey::Weak);
        }
        Ok(key)
    }

    /// The key in base64url, 43 characters, for the file that keeps a generated one.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        SecretString::from(URL_SAFE_NO_PAD.encode(self.0))
    }

    /// A key for one purpose (HKDF-SHA256). Knowing it reveals neither this key nor one of another purpose.
    #[must_use]
    pub fn subkey(&self, purpose: &str) -> Self {
        let mut subkey = Self([0; LENGTH]);
        self.derive(purpose, &mut subkey.0);
        subkey
    }

    /// The name of this key, safe to store beside what was made with it.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let mut id = [0; 4];
        self.derive("key-id", &mut id);
        KeyId(id)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    fn derive(&self, purpose: &str, output: &mut [u8]) {
        let refused = Hkdf::<Sha256>::new(None, &self.0)
            .expand_multi_info(&[b"rookery/1/", purpose.as_bytes()], output)
            .is_err();
        // HKDF-SHA256 gives up to 255 · 32 bytes (RFC 5869, section 2.3); nobody here asks for more than 32.
        debug_assert!(!refused, "HKDF gives this much");
    }

    fn distinct_bytes(&self) -> usize {
        let mut seen = [false; 256];
        for byte in self.0 {
            seen[usize::from(byte)] = true;
        }
        seen.into_iter().filter(|seen| *seen).count()
    }
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = match text.len() {
        43 => STANDARD_NO_PAD
            .decode(text)
            .or_else(|_| URL_SAFE_NO_PAD.decode(text))
            .ok(),
        44 => STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok(),
        64 => text
            .as_bytes()
            .chunks(2)
            .map(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?))
            .collect(),
        _ => None,
    };
    bytes.map(Zeroizing::new)
}

fn hex_digit(character: u8) -> Option<u8> {
    char::from(character)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rookery_core::mocks::SeededEntropy;
    use rookery_domain::ExposeSecret;

    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn every_usual_spelling_of_a_key_is_the_same_key() {
        let key = SecretKey::parse(HEX).unwrap();
        for text in [
            "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "  AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        ] {
            assert_eq!(SecretKey::parse(text).unwrap().0, key.0, "{text:?}");
        }
    }

    #[test]
    fn other_lengths_and_alphabets_are_refused() {
        for text in [
            "",
            "secret",
            &HEX[..62],
            &HEX.replace('f', "g"),
            &format!("{HEX}00"),
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh!=",
            "ééééééééééééééééééééé=",
        ] {
            assert_eq!(
                SecretKey::parse(text).unwrap_err(),
                InvalidSecretKey::Spelling,
                "{text:?}"
            );
        }
    }

    #[test]
    fn keys_nobody_drew_are_refused() {
        for text in [
            "0".repeat(64),
            "0123456789abcdef".repeat(4),
            "A".repeat(43),
            format!("{}abc=", "abcd".repeat(10)),
        ] {
            assert_eq!(SecretKey::parse(&text).unwrap_err(), InvalidSecretKey::Weak, "{text:?}");
        }
    }

    #[test]
    fn subkeys_are_those_of_rfc_5869() {
        // Python: hmac-sha256 extract with a salt of 32 zero bytes, one block of expand, info b"rookery/1/example".
        let subkey = SecretKey::parse(HEX).unwrap().subkey("example");
        let expected = SecretKey::parse("ef1f697488c3addf28f5278e73ce1f5b49933be71216929464a56a41793d9baa").unwrap();
        assert_eq!(subkey.0, expected.0);
        assert_eq!(SecretKey::parse(HEX).unwrap().id().to_string(), "7479bddc");
    }

    #[test]
    fn a_key_does_not_print_itself() {
        let key = SecretKey::parse(HEX).unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(***)");
    }

    proptest! {
        #[test]
        fn whatever_is_generated_prints_and_parses_back(seed in any::<u64>()) {
            let key = SecretKey::generate(&SeededEntropy::from_seed(seed));
            prop_assert_eq!(SecretKey::parse(key.to_text().expose_secret()).unwrap().0, key.0);
        }

        #[test]
        fn garbage_is_refused_without_a_panic(text in "\\PC{40,70}") {
            let _ = SecretKey::parse(&text);
        }
    }
}
