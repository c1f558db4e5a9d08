//! Secrets that travel in cookies and mail links, and the digests that are kept.
//!
//! A token is 256 random bits, written in base64url. Only its SHA-256 digest is stored: a plain fast hash is right for a
//! secret of full entropy (OWASP ASVS 5.0, 11.4.3 and 6.5.2), and whoever steals the database holds nothing that opens
//! a door. The digest is bound to the purpose, so a token of one kind never passes for another.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use secrecy::zeroize::Zeroize;
use sha2::{Digest, Sha256};

/// The randomness of one token.
pub type TokenEntropy = [u8; 32];

/// 32 bytes in base64url without padding.
const ENCODED_LENGTH: usize = 43;

/// What a token proves. The only thing of it that is stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The digest as a row holds it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to look a row up by.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(***)")
    }
}

/// The 256 bits themselves, wiped when dropped.
#[derive(Clone)]
struct Secret(TokenEntropy);

impl Secret {
    fn parse(text: &str) -> Option<Self> {
        if text.len() != ENCODED_LENGTH {
            return None;
        }
        let mut bytes = [0; 32];
        // The decoder refuses stray trailing bits, so a token has exactly one spelling.
        let written = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (written == bytes.len()).then_some(Self(bytes))
    }

    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    fn digest(&self, purpose: &str) -> TokenDigest {
        let mut hash = Sha256::new();
        hash.update(b"rookery/1/");
        hash.update(purpose.as_bytes());
        hash.update([0]);
        hash.update(self.0);
        TokenDigest(hash.finalize().into())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

macro_rules! opaque_tokens {
    ($($(#[$doc:meta])* $name:ident = $purpose:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Secret);

        impl $name {
            /// A new token from the operating system's randomness.
            #[must_use]
            pub const fn from_entropy(entropy: TokenEntropy) -> Self {
                Self(Secret(entropy))
            }

            /// Parses what a client sent. `None` for anything this service never gave out, before a database is asked.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Secret::parse(text).map(Self)
            }

            /// The text for the cookie. The only way to see the secret.
            #[must_use]
            pub fn expose(&self) -> String {
                self.0.encode()
            }

            /// What is stored and looked up.
            #[must_use]
            pub fn digest(&self) -> TokenDigest {
                self.0.digest($purpose)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+};
}

opaque_tokens! {
    /// The opaque token of a session, as the cookie or an `Authorization: Bearer` header carries it: 43 characters.
    SessionToken = "session";
    /// The opaque token of a browser that somebody has signed in with before, as its cookie carries it. It opens nothing
    /// by itself: it only says which attempts come from a browser the person has used.
    DeviceToken = "device";
    /// The opaque token of a sign-in whose password was right and whose second factor is still to come.
    ChallengeToken = "second_factor";
}

/// What a mailed token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// Prove that a mailbox is read by its owner.
    EmailVerification,
    /// Set a new password.
    PasswordReset,
    /// Prove that a new address is read by the person who wants to change to it.
    EmailChange,
    /// Lift a lock that failed sign-ins have put on an account.
    Unlock,
    /// Undo a change somebody else made.
    Undo,
    /// Keep an account whose deletion was asked for.
    KeepAccount,
    /// Join a tenant.
    Invitation,
}

impl TokenPurpose {
    /// Every purpose there is.
    pub const ALL: &'static [Self] = &[
        Self::EmailVerification,
        Self::PasswordReset,
        Self::EmailChange,
        Self::Unlock,
        Self::Undo,
        Self::KeepAccount,
        Self::Invitation,
    ];

    /// The word rows and digests use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailVerification => "email_verification",
            Self::PasswordReset => "password_reset",
            Self::EmailChange => "email_change",
            Self::Unlock => "unlock",
            Self::Undo => "undo",
            Self::KeepAccount => "keep_account",
            Self::Invitation => "invitation",
        }
    }

    /// The purpose a row names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|purpose| purpose.as_str() == word)
    }

    /// The first letters of the token, so that people and secret scanners can tell what leaked.
    const fn prefix(self) -> &'static str {
        match self {
            Self::EmailVerification => "vfy_",
            Self::PasswordReset => "rst_",
            Self::EmailChange => "chg_",
            Self::Unlock => "unl_",
            Self::Undo => "und_",
            Self::KeepAccount => "kep_",
            Self::Invitation => "inv_",
        }
    }

    /// Whether the mail holds a code beside the link: where somebody waits at another device, or at a form.
    #[must_use]
    pub const fn has_code(self) -> bool {
        matches!(self, Self::EmailVerification | Self::PasswordReset)
    }

    /// How long the token is good. A reset or unlock link opens the account, so it lives an hour; a verification link only
    /// says that a mailbox is read; whoever comes back from a weekend can still undo what a thief has changed. The link that
    /// keeps an account is made to end with the grace the installation gives; this is the usual one.
    #[must_use]
    pub const fn life(self) -> Duration {
        match self {
            Self::PasswordReset | Self::Unlock => Duration::hours(1),
            Self::EmailVerification | Self::EmailChange => Duration::hours(24),
            Self::Undo => Duration::hours(72),
            Self::KeepAccount => Duration::days(30),
            Self::Invitation => Duration::days(7),
        }
    }
}

/// A secret mailed to a person and good for one use.
#[derive(Clone)]
pub struct OneTimeToken {
    purpose: TokenPurpose,
    secret: Secret,
}

impl OneTimeToken {
    /// A new token from the operating system's randomness.
    #[must_use]
    pub const fn from_entropy(purpose: TokenPurpose, entropy: TokenEntropy) -> Self {
        Self {
            purpose,
            secret: Secret(entropy),
        }
    }

    /// Parses what a client sent. `None` for anything that cannot be a token of this purpose, before a database is asked.
    #[must_use]
    pub fn parse(purpose: TokenPurpose, text: &str) -> Option<Self> {
        let secret = Secret::parse(text.trim().strip_prefix(purpose.prefix())?)?;
        Some(Self { purpose, secret })
    }

    /// What the token may do.
    #[must_use]
    pub const fn purpose(&self) -> TokenPurpose {
        self.purpose
    }

    /// The text for the mail: prefix and 43 characters. The only way to see the secret.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{}{}", self.purpose.prefix(), self.secret.encode())
    }

    /// What is stored and looked up.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        self.secret.digest(self.purpose.as_str())
    }
}

impl fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OneTimeToken({:?}, ***)", self.purpose)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Proves: A02, ASVS 6.6.2, 11.4.3
    #[test]
    fn a_token_never_passes_for_one_of_another_kind() {
        let entropy = [42; 32];
        let reset = OneTimeToken::from_entropy(TokenPurpose::PasswordReset, entropy);
        let verify = OneTimeToken::from_entropy(TokenPurpose::EmailVerification, entropy);
        let session = SessionToken::from_entropy(entropy);
        assert!(OneTimeToken::parse(TokenPurpose::EmailVerification, &reset.expose()).is_none());
        assert_ne!(reset.digest(), verify.digest());
        assert_ne!(reset.digest(), session.digest());
    }

    #[test]
    fn debug_output_hides_the_secret() {
        let token = SessionToken::from_entropy([1; 32]);
        assert_eq!(
            format!("{token:?} {:?}", token.digest()),
            "SessionToken(***) TokenDigest(***)"
        );
    }

    // Proves: A20
    #[test]
    fn a_token_has_exactly_one_spelling() {
        let text = SessionToken::from_entropy([0; 32]).expose();
        assert_eq!(text.len(), 43);
        assert!(
            SessionToken::parse(&format!("{}B", &text[..42])).is_none(),
            "stray bits after the last byte"
        );
        assert!(SessionToken::parse(&format!("{text}=")).is_none());
        assert!(SessionToken::parse(&text[..42]).is_none());
    }

    proptest! {
        // Proves: A20, ASVS 7.2.3, 11.5.1
        #[test]
        fn whatever_is_made_prints_and_parses_back(entropy in any::<[u8; 32]>()) {
            let session = SessionToken::from_entropy(entropy);
            prop_assert_eq!(SessionToken::parse(&session.expose()).unwrap().digest(), session.digest());
            for &purpose in TokenPurpose::ALL {
                let token = OneTimeToken::from_entropy(purpose, entropy);
                prop_assert_eq!(OneTimeToken::parse(purpose, &token.expose()).unwrap().digest(), token.digest());
            }
        }

        #[test]
        fn garbage_is_refused_without_a_panic(text in any::<String>()) {
            if let Some(token) = SessionToken::parse(&text) {
                prop_assert_eq!(token.expose(), text);
            }
        }
    }
}
