//! The secret that a webhook's events are signed with.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::{Zeroize, Zeroizing};
use thiserror::Error;

/// What the text begins with, so that people and secret scanners can tell what leaked.
const PREFIX: &str = "whsec_";
/// Bytes of a secret we make: as many as its HMAC-SHA256 puts out.
const LENGTH: usize = 32;

/// 256 secret bits shared with one receiver. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret([u8; LENGTH]);

/// The text is no secret of ours. Says nothing of it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a webhook secret is whsec_ and 32 bytes in base64")]
pub struct InvalidWebhookSecret;

impl WebhookSecret {
    /// A new secret from the operating system's randomness.
    #[must_use]
    pub const fn from_entropy(entropy: [u8; LENGTH]) -> Self {
        Self(entropy)
    }

    /// Parses `whsec_` and 44 characters of base64.
    ///
    /// # Errors
    /// [`InvalidWebhookSecret`] for everything else.
    pub fn parse(text: &str) -> Result<Self, InvalidWebhookSecret> {
        let encoded = text.strip_prefix(PREFIX).ok_or(InvalidWebhookSecret)?;
        let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| InvalidWebhookSecret)?);
        bytes.as_slice().try_into().map(Self).map_err(|_| InvalidWebhookSecret)
    }

    /// The text for the receiver. The only way to see the secret as a text.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.0))
    }

    /// The key to sign with, and what is sealed at rest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl Drop for WebhookSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_shown_only_when_asked() {
        let secret = WebhookSecret::from_entropy([7; 32]);
        assert_eq!(format!("{secret:?}"), "WebhookSecret(***)");
        assert!(secret.expose().starts_with("whsec_BwcH"));
    }

    #[test]
    fn what_is_no_secret_of_ours_is_refused() {
        let text = WebhookSecret::from_entropy([7; 32]).expose();
        for wrong in ["", "whsec_", &text[6..], &text[..text.len() - 1], "whsec_AAAA"] {
            assert_eq!(WebhookSecret::parse(wrong), Err(InvalidWebhookSecret), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_made_prints_and_parses_back(entropy in any::<[u8; 32]>()) {
            let secret = WebhookSecret::from_entropy(entropy);
            prop_assert_eq!(WebhookSecret::parse(&secret.expose()), Ok(secret));
        }
    }
}
