//! How often somebody may knock.

use rookery_core::LimitProfile;

use super::parse::word;
use super::reader::{Noted, Reader};

/// The named set of limits that is in force.
pub(super) fn read(reader: &mut Reader) -> Result<LimitProfile, Noted> {
    const WORDS: &[(&str, LimitProfile)] = &[
        ("off", LimitProfile::Off),
        ("relaxed", LimitProfile::Relaxed),
        ("default", LimitProfile::Default),
        ("strict", LimitProfile::Strict),
    ];
    reader.value("limits.rate", word(WORDS))
}
