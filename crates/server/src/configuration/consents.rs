//! What everybody is asked to agree to.

use rookery_domain::{ConsentVersion, Documents};

use super::parse::Demand;
use super::reader::{Noted, Reader};

/// Reads the versions of the documents; without one nobody is asked.
pub(super) fn read(reader: &mut Reader) -> Result<Documents, Noted> {
    let terms = reader.optional("consents.terms_version", version);
    let privacy = reader.optional("consents.privacy_version", version);
    Ok(Documents {
        terms: terms?,
        privacy: privacy?,
    })
}

fn version(text: &str) -> Result<ConsentVersion, Demand> {
    text.parse()
        .map_err(|_| "be a version such as 2026-11: 1 to 40 letters, digits, dots, hyphens or underscores".into())
}
