//! What somebody shows of a mail: the token of its link, or the code beside it.

use std::fmt;
use std::sync::Arc;

use rookery_domain::{EmailAddress, MailedCode, OneTimeToken, TokenDigest, TokenPurpose};

use crate::ports::{CodeAttempt, KeyedDigest, TokenStore};
use crate::{Limit, Subject, Throttle, ThrottleError};

/// Out of a mail, to be used up. Both belong to one token: whichever is used, the other is over too.
#[derive(Clone, PartialEq, Eq)]
pub enum MailedProof {
    /// The token of the link, as it was sent.
    Token(String),
    /// The code beside it, and the address that was mailed.
    Code {
        /// The address, as somebody typed it.
        email: EmailAddress,
        /// The code.
        code: MailedCode,
    },
}

/// Which of the two, and nothing that opens anything.
impl fmt::Debug for MailedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "MailedProof::Token(***)",
            Self::Code { .. } => "MailedProof::Code(***)",
        })
    }
}

/// What is kept of mailed codes: so short a secret is kept under a key that is not in the database.
#[derive(Clone)]
pub struct MailedCodes {
    digest: Arc<dyn KeyedDigest>,
    older_digests: Vec<Arc<dyn KeyedDigest>>,
}

impl MailedCodes {
    /// New codes are kept under `digest`; those kept under one of the older ones go on working.
    #[must_use]
    pub fn new(digest: Arc<dyn KeyedDigest>, older_digests: Vec<Arc<dyn KeyedDigest>>) -> Self {
        Self { digest, older_digests }
    }

    /// What is kept of a new code.
    pub(crate) fn kept(&self, purpose: TokenPurpose, code: &MailedCode) -> [u8; 32] {
        self.digest.digest(&of_purpose(purpose, code))
    }

    /// What may have been kept of this one.
    fn candidates(&self, purpose: TokenPurpose, code: &MailedCode) -> Vec<[u8; 32]> {
        std::iter::once(&self.digest)
            .chain(&self.older_digests)
            .map(|digest| digest.digest(&of_purpose(purpose, code)))
            .collect()
    }
}

/// A code is worth something for one purpose alone.
fn of_purpose(purpose: TokenPurpose, code: &MailedCode) -> Vec<u8> {
    [purpose.as_str().as_bytes(), b"\0", code.as_bytes()].concat()
}

/// Tells which token a proof stands for. It uses nothing up.
#[derive(Clone, Copy)]
pub(crate) struct ProofReader<'a> {
    pub(crate) tokens: &'a dyn TokenStore,
    pub(crate) throttle: &'a Throttle,
    pub(crate) codes: &'a MailedCodes,
}

impl ProofReader<'_> {
    /// The digest of the token; `None` for anything that was never mailed for this purpose. A code is counted before it is
    /// compared, for its address and for the mail it was in; what was right is taken back.
    pub(crate) async fn token_of(
        self,
        purpose: TokenPurpose,
        proof: &MailedProof,
    ) -> Result<Option<TokenDigest>, ThrottleError> {
        match proof {
            MailedProof::Token(text) => Ok(OneTimeToken::parse(purpose, text).map(|token| token.digest())),
            MailedProof::Code { email, code } => self.token_of_code(purpose, email, code).await,
        }
    }

    async fn token_of_code(
        self,
        purpose: TokenPurpose,
        email: &EmailAddress,
        code: &MailedCode,
    ) -> Result<Option<TokenDigest>, ThrottleError> {
        let mailbox = Subject::mailbox(email);
        self.throttle.take(Limit::MailedCodeAddress, &mailbox).await?;
        let attempt = CodeAttempt {
            email: email.clone(),
            purpose,
            digests: self.codes.candidates(purpose, code),
        };
        let token = self.tokens.try_code(&attempt).await?;
        if token.is_some() {
            self.throttle.give_back(Limit::MailedCodeAddress, &mailbox).await?;
        }
        Ok(token)
    }
}
