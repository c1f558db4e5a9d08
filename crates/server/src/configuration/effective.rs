//! The values that hold, as they may be shown.

use super::layers::Origin;
use super::settings::Setting;

/// A setting with the value that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Which.
    pub setting: &'static Setting,
    /// What holds.
    pub value: Value,
}

/// A value that may be shown: no secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Somebody gave it.
    Given {
        /// What.
        value: String,
        /// Who.
        by: Origin,
    },
    /// Nobody gave it; this holds instead.
    Default(String),
    /// Nobody gave it and nothing holds instead.
    Unset,
}

impl Value {
    /// The text, if there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Given { value, .. } | Self::Default(value) => Some(value),
            Self::Unset => None,
        }
    }

    /// Where it comes from, in a word or two.
    #[must_use]
    pub fn source(&self) -> String {
        match self {
            Self::Given { by: Origin::Flag, .. } => "flag".to_owned(),
            Self::Given {
                by: Origin::Environment,
                ..
            } => "environment".to_owned(),
            Self::Given {
                by: Origin::File(path), ..
            } => path.clone(),
            Self::Default(_) | Self::Unset => "default".to_owned(),
        }
    }
}
