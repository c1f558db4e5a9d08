//! Names for counters that tell nobody whom they count, and what is kept of a recovery code.

use hmac::{Hmac, KeyInit, Mac};
use rookery_core::ports::KeyedDigest;
use sha2::Sha256;

use crate::SecretKey;

/// [`KeyedDigest`] with HMAC-SHA-256 (RFC 2104) under a subkey of the installation's secret.
#[derive(Clone)]
pub struct HmacDigest(Hmac<Sha256>);

impl HmacDigest {
    /// For the names of counters, under a subkey of this key.
    #[must_use]
    pub fn new(key: &SecretKey) -> Self {
        Self::under(&key.subkey("throttle-subjects"))
    }

    /// For what is kept of recovery codes, under another subkey of this key: what is kept of a code says nothing about it
    /// to whoever has the database without the key.
    #[must_use]
    pub fn of_recovery_codes(key: &SecretKey) -> Self {
        Self::under(&key.subkey("recovery-codes"))
    }

    /// For what is kept of the codes in mails, under a third.
    #[must_use]
    pub fn of_mailed_codes(key: &SecretKey) -> Self {
        Self::under(&key.subkey("mailed-codes"))
    }

    fn under(subkey: &SecretKey) -> Self {
        // A key of a block's length is used as it is, so the rest of the block is zero, as the RFC pads it.
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block[..subkey.as_bytes().len()].copy_from_slice(subkey.as_bytes());
        Self(Hmac::new(&block))
    }
}

impl KeyedDigest for HmacDigest {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(bytes).finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(key: u8, text: &str) -> [u8; 32] {
        let bytes: Vec<String> = (key..key + 32).map(|byte| format!("{byte:02x}")).collect();
        HmacDigest::new(&SecretKey::parse(&bytes.concat()).unwrap()).digest(text.as_bytes())
    }

    #[test]
    fn one_key_names_one_subject_in_one_way_and_another_key_in_another() {
        assert_eq!(digest(1, "mada@example.com"), digest(1, "mada@example.com"));
        assert_ne!(digest(1, "mada@example.com"), digest(1, "meve@example.com"));
        assert_ne!(digest(1, "mada@example.com"), digest(2, "mada@example.com"));
    }

    // Proves: ASVS 6.5.2
    #[test]
    fn what_is_kept_of_a_recovery_code_is_no_name_of_a_counter() {
        let bytes: Vec<String> = (1_u8..33).map(|byte| format!("{byte:02x}")).collect();
        let key = SecretKey::parse(&bytes.concat()).unwrap();
        assert_ne!(
            HmacDigest::new(&key).digest(b"the same"),
            HmacDigest::of_recovery_codes(&key).digest(b"the same")
        );
    }

    #[test]
    fn it_is_the_hmac_of_the_rfc() {
        // RFC 4231, test case 2, through the same padding.
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block[..4].copy_from_slice(b"Jefe");
        let digest = HmacDigest(Hmac::new(&block)).digest(b"what do ya want for nothing?");
        assert_eq!(digest[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        assert_eq!(digest[28..], [0x64, 0xec, 0x38, 0x43]);
    }
}
