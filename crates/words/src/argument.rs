//! What a text is filled with.

use std::borrow::Cow;

/// What stands in a text where it says `{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// Itself.
    Text(Cow<'a, str>),
    /// A number. The one called `count` also chooses the plural.
    Count(u64),
}

impl Argument<'_> {
    /// As it stands in the text.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Count(number) => Cow::Owned(number.to_string()),
        }
    }
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Argument<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Argument<'_> {
    fn from(number: u64) -> Self {
        Self::Count(number)
    }
}
