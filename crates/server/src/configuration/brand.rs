//! What the product is called.

use super::parse::Demand;
use super::reader::{Noted, Reader};

/// Longer names do not fit into a subject line.
const LONGEST: usize = 80;

/// The product in whose name mails and pages speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// What it is called.
    pub name: BrandName,
    /// Where people find help: an address or a page. Said in every mail if there is such a place.
    pub support: Option<String>,
}

/// The name of the product: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandName(String);

impl Brand {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Noted> {
        let name = reader.value("brand.name", |text| line(text).map(BrandName));
        let support = reader.optional("brand.support", line);
        Ok(Self {
            name: name?,
            support: support?,
        })
    }
}

impl BrandName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for BrandName {
    fn default() -> Self {
        Self("Rookery".to_owned())
    }
}

fn line(text: &str) -> Result<String, Demand> {
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!("be 1 to {LONGEST} characters on one line"));
    }
    Ok(text.to_owned())
}
