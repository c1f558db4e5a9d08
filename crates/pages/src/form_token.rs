//! The token in every form: proof that the form came from us, for this browser and this session.
//!
//! A browser keeps a random value; the form carries the digest of that value and of the session the browser holds, under the
//! installation's key. Another site can neither read the form nor make a token for a value that it has planted, since it lacks
//! the key, and one that was made for somebody else's session does not fit (OWASP Cross-Site Request Forgery Prevention,
//! signed double-submit cookie). The gate has asked the browser where it comes from before that.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rookery_core::ports::{Entropy, KeyedDigest};
use rookery_domain::SessionToken;
use subtle::ConstantTimeEq;

/// What is digested is this and nothing that other digests under the same key are made of.
const PURPOSE: &[u8] = b"rookery pages: form\0";
/// Characters of 24 random bytes.
const CHARACTERS: usize = 32;

/// The random value a browser keeps.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FormSecret(String);

impl FormSecret {
    /// A new one.
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut random = [0; 24];
        entropy.fill(&mut random);
        Self(URL_SAFE_NO_PAD.encode(random))
    }

    /// The one a cookie shows, if it can be one of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_ours = text.len() == CHARACTERS
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_ours.then(|| Self(text.to_owned()))
    }

    /// The value for the cookie.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The token for the forms of this browser while it holds this session, or none.
    pub(crate) fn token(&self, session: Option<&SessionToken>, digest: &dyn KeyedDigest) -> String {
        let mut text = PURPOSE.to_vec();
        text.extend_from_slice(self.0.as_bytes());
        if let Some(session) = session {
            text.extend_from_slice(session.digest().as_bytes());
        }
        URL_SAFE_NO_PAD.encode(digest.digest(&text))
    }

    /// Whether a form shows that token.
    pub(crate) fn fits(&self, shown: &str, session: Option<&SessionToken>, digest: &dyn KeyedDigest) -> bool {
        self.token(session, digest).as_bytes().ct_eq(shown.as_bytes()).into()
    }
}
