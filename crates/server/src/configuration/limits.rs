//! How often somebody may knock.

use super::parse::word;
use super::reader::{Noted, Reader};

/// The named sets of rate limits.
///
/// This version reads and checks the name and enforces none of them: whoever needs limits today sets them in the proxy
/// in front. `check-config` says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimits {
    /// None at all.
    Off,
    /// Generous ones, for tests against a shared installation.
    Relaxed,
    /// Those for most installations.
    Default,
    /// Those for installations under attack.
    Strict,
}

impl RateLimits {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        const WORDS: &[(&str, RateLimits)] = &[
            ("off", RateLimits::Off),
            ("relaxed", RateLimits::Relaxed),
            ("default", RateLimits::Default),
            ("strict", RateLimits::Strict),
        ];
        reader.value("limits.rate", word(WORDS))
    }
}
