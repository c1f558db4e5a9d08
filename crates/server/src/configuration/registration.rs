//! How people get an account.

use rookery_api::SignUpConflict;

use super::parse::word;
use super::reader::{Noted, Reader};

/// Signing up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// What a sign-up is told whose address is taken.
    pub conflict: SignUpConflict,
}

impl Registration {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        const WORDS: &[(&str, SignUpConflict)] =
            &[("reveal", SignUpConflict::Reveal), ("neutral", SignUpConflict::Neutral)];
        Ok(Self {
            conflict: reader.value("registration.conflict", word(WORDS))?,
        })
    }
}
