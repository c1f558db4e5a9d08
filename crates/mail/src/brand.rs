//! The service letters come from.

use crate::salutation::single_line;
use rookery_domain::Colour;

/// What letters say of the service they come from, and in which colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The name of the product, as people know it.
    pub product: String,
    /// Where people find help, such as an address or a page; said in every letter if there is such a place.
    pub support: Option<String>,
    /// The colour of buttons and links where the reader's screen is light.
    pub primary: Colour,
    /// The same where it is dark.
    pub primary_dark: Colour,
    /// The product's own front page.
    pub home: Option<String>,
    /// The page with the terms of use.
    pub terms: Option<String>,
    /// The page that says what becomes of personal data.
    pub privacy: Option<String>,
}

impl Brand {
    /// A product of which nothing but its name is known, in the usual colours.
    #[must_use]
    pub fn named(product: &str) -> Self {
        Self {
            product: product.to_owned(),
            support: None,
            primary: Colour::PRIMARY,
            primary_dark: Colour::PRIMARY_DARK,
            home: None,
            terms: None,
            privacy: None,
        }
    }

    pub(crate) fn on_single_lines(self) -> Self {
        let line = |text: Option<String>| text.as_deref().map(single_line);
        Self {
            product: single_line(&self.product),
            support: line(self.support),
            home: line(self.home),
            terms: line(self.terms),
            privacy: line(self.privacy),
            ..self
        }
    }

    /// The first letter of the product's name, for the mark beside it.
    pub(crate) fn initial(&self) -> String {
        let first = self.product.chars().find(|c| c.is_alphanumeric());
        first.map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }

    /// What a press on the place of help opens, if it is an address or a page.
    pub(crate) fn support_link(&self) -> Option<String> {
        let place = self.support.as_deref()?;
        if is_page(place) {
            return Some(place.to_owned());
        }
        let is_address = place.contains('@') && !place.contains([' ', '?', '&', ':', '/']);
        is_address.then(|| format!("mailto:{place}"))
    }

    /// The pages that stand at the foot of a letter, each with the key of its name.
    pub(crate) fn places(&self) -> Vec<(&'static str, &str)> {
        [("home", &self.home), ("terms", &self.terms), ("privacy", &self.privacy)]
            .into_iter()
            .filter_map(|(name, link)| Some((name, link.as_deref().filter(|link| is_page(link))?)))
            .collect()
    }
}

fn is_page(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_a_page_an_address_or_words() {
        for (support, link) in [
            ("https://example.com/help", Some("https://example.com/help")),
            ("help@example.com", Some("mailto:help@example.com")),
            ("help@example.com?bcc=eve@example.com", None),
            ("the desk on the second floor", None),
            ("javascript:alert(1)", None),
        ] {
            let brand = Brand {
                support: Some(support.to_owned()),
                ..Brand::named("Rookery")
            };
            assert_eq!(brand.support_link().as_deref(), link, "{support}");
        }
    }

    #[test]
    fn only_pages_stand_at_the_foot() {
        let brand = Brand {
            home: Some("https://example.com".to_owned()),
            terms: Some("javascript:alert(1)".to_owned()),
            ..Brand::named("Rookery")
        };
        assert_eq!(brand.places(), [("home", "https://example.com")]);
    }

    #[test]
    fn the_mark_is_the_first_letter_of_the_name() {
        for (product, initial) in [("rookery", "R"), ("«Ñandú»", "Ñ"), ("!!!", "")] {
            assert_eq!(Brand::named(product).initial(), initial);
        }
    }
}
