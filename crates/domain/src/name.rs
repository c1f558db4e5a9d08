//! What people and companies are called: any script, trimmed, without control characters.

use std::fmt;

use thiserror::Error;

/// Why a text is no name. The message is meant for the person who typed it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum InvalidName {
    /// Nothing is left after trimming, or nothing that shows.
    #[error("{0} cannot be empty")]
    Empty(&'static str),
    /// More characters than fit.
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// Control characters (NUL and line breaks among them) or directional overrides, which could forge a mail or a page.
    #[error("{0} contains characters that are not allowed")]
    Forbidden(&'static str),
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($label:literal, $max:literal);)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The most characters (Unicode scalar values) after trimming.
            pub const MAX_CHARS: usize = $max;

            /// Parses a name; white space around it is dropped.
            ///
            /// # Errors
            /// [`InvalidName`], naming the field.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                parse_name(text, $label, Self::MAX_CHARS).map(Self)
            }

            /// The name, trimmed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// How a person wants to be addressed.
    DisplayName("Name", 255);
    /// The first name or names.
    GivenName("Given name", 100);
    /// The last name or names.
    FamilyName("Family name", 100);
    /// The name of the organisation a new tenant is made for.
    CompanyName("Company name", 255);
    /// The name of a tenant.
    TenantName("Name", 255);
    /// What somebody looks for among people: the beginning of a name or an address.
    SearchText("Search", 254);
    /// Why somebody wants something done, in their own words.
    Reason("Reason", 500);
}

/// A company that signs up becomes a tenant of the same name.
impl From<CompanyName> for TenantName {
    fn from(company: CompanyName) -> Self {
        Self(company.0)
    }
}

fn parse_name(text: &str, label: &'static str, max: usize) -> Result<String, InvalidName> {
    let trimmed = text.trim();
    if trimmed.chars().all(is_invisible) {
        Err(InvalidName::Empty(label))
    } else if trimmed.chars().count() > max {
        Err(InvalidName::TooLong(label))
    } else if trimmed.chars().any(is_forbidden) {
        Err(InvalidName::Forbidden(label))
    } else {
        Ok(trimmed.to_owned())
    }
}

/// What leaves no mark where it is shown: blanks, and the joiners, fillers and selectors of Unicode's `Default_Ignorable_Code_Point`
/// (with the empty pattern of Braille). Inside a name they may be needed; a name of nothing else is none.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Control characters, line and paragraph separators, and the directional overrides and isolates of Unicode TR 9, which
/// make text read as something it is not. The joiners that several scripts need stay welcome.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_every_script_are_kept_and_trimmed() {
        for text in [
            "Ada Lovelace",
            "Łucja",
            "李小龍",
            "محمد",
            "अनन्या",
            "👩‍🔬 Ada",
            "O'Brien-Smith, Jr.",
        ] {
            assert_eq!(DisplayName::parse(&format!("  {text} ")).unwrap().as_str(), text);
        }
    }

    // Proves: A47, ASVS 1.2.1, 1.3.3, 16.4.1
    #[test]
    fn empty_long_and_forged_names_are_refused_with_a_reason() {
        assert_eq!(
            DisplayName::parse(" \t").unwrap_err().to_string(),
            "Name cannot be empty"
        );
        assert_eq!(
            DisplayName::parse(&"é".repeat(256)).unwrap_err().to_string(),
            "Name is too long"
        );
        assert!(DisplayName::parse(&"é".repeat(255)).is_ok());
        assert_eq!(
            GivenName::parse(&"x".repeat(101)).unwrap_err().to_string(),
            "Given name is too long"
        );
        for text in ["a\0b", "a\nb", "a\u{7f}b", "a\u{85}b", "a\u{202e}b", "a\u{2066}b"] {
            assert_eq!(
                FamilyName::parse(text),
                Err(InvalidName::Forbidden("Family name")),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_name_of_which_nothing_shows_is_none() {
        for text in [
            "\u{200b}",
            "\u{200d}\u{200d}",
            "\u{3164}",
            "\u{2060} \u{ad}",
            "\u{e0061}",
            "\u{fe0f}",
            "\u{2800}",
        ] {
            assert_eq!(DisplayName::parse(text), Err(InvalidName::Empty("Name")), "{text:?}");
        }
        for text in ["👩\u{200d}🔬", "क्\u{200d}ष", "❤\u{fe0f}"] {
            assert_eq!(DisplayName::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_company_s_name_is_a_name_for_a_tenant() {
        assert_eq!(CompanyName::MAX_CHARS, TenantName::MAX_CHARS);
        let company = CompanyName::parse(" Analytical Engines ").unwrap();
        let tenant = TenantName::from(company.clone());
        assert_eq!(TenantName::parse(company.as_str()), Ok(tenant));
    }

    proptest! {
        #[test]
        fn whatever_parses_prints_back_to_itself(text in any::<String>()) {
            if let Ok(name) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(name.as_str()).unwrap(), name);
            }
        }

        #[test]
        fn no_accepted_name_can_start_a_new_line(text in any::<String>()) {
            if let Ok(name) = CompanyName::parse(&text) {
                prop_assert!(!name.as_str().contains(['\r', '\n', '\0']));
            }
        }
    }
}
