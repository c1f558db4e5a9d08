//! The beginning of a name, as `LIKE` takes it.

use rookery_domain::SearchText;
use sea_orm::Value;

use crate::like::literally;

/// What begins so. SQLite knows small and capital letters from A to Z
/// alone, and so does PostgreSQL in some of its locales; for the letters beyond, the spellings a name usually has are looked
/// for as well, so that both find the same.
pub(crate) struct Patterns {
    /// To be compared with small letters.
    pub(crate) lower: String,
    /// To be compared with what is there.
    pub(crate) as_written: String,
    /// Words that begin with a capital letter, to be compared with what is there.
    pub(crate) capitalised: String,
    /// Capital letters, to be compared with what is there.
    pub(crate) upper: String,
}

/// The condition that a column begins as the parameters say, which are the [`Patterns`] in their order.
macro_rules! begins {
    ($column:literal, $lower:literal, $as_written:literal, $capitalised:literal, $upper:literal) => {
        concat!(
            "lower(",
            $column,
            ") LIKE ",
            $lower,
            " ESCAPE '!' OR ",
            $column,
            " LIKE ",
            $as_written,
            " ESCAPE '!' OR ",
            $column,
            " LIKE ",
            $capitalised,
            " ESCAPE '!' OR ",
            $column,
            " LIKE ",
            $upper,
            " ESCAPE '!'"
        )
    };
}
pub(crate) use begins;

impl Patterns {
    /// Everything begins with nothing.
    pub(crate) fn of(search: Option<&SearchText>) -> Self {
        let text = search.map_or("", SearchText::as_str);
        Self {
            lower: beginning_with(&text.to_lowercase()),
            as_written: beginning_with(text),
            capitalised: beginning_with(&capitalised(text)),
            upper: beginning_with(&text.to_uppercase()),
        }
    }

    /// What the parameters of [`begins`] are, in their order.
    pub(crate) fn into_values(self) -> [Value; 4] {
        [self.lower, self.as_written, self.capitalised, self.upper].map(Value::from)
    }
}

/// Every word with a capital letter at its beginning and small ones behind it.
fn capitalised(text: &str) -> String {
    let mut within_a_word = false;
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if within_a_word {
            written.extend(c.to_lowercase());
        } else {
            written.extend(c.to_uppercase());
        }
        within_a_word = c.is_alphanumeric();
    }
    written
}

fn beginning_with(text: &str) -> String {
    literally(text) + "%"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_a_pattern_means_itself() {
        let search = SearchText::parse("100%_A!").unwrap();
        let patterns = Patterns::of(Some(&search));
        assert_eq!(patterns.as_written, "100!%!_A!!%");
        assert_eq!(patterns.lower, "100!%!_a!!%");
        assert_eq!(Patterns::of(None).lower, "%");
    }

    #[test]
    fn a_name_is_looked_for_in_the_spellings_it_usually_has() {
        let search = SearchText::parse("éRIC o'šea").unwrap();
        let patterns = Patterns::of(Some(&search));
        assert_eq!(patterns.lower, "éric o'šea%");
        assert_eq!(patterns.as_written, "éRIC o'šea%");
        assert_eq!(patterns.capitalised, "Éric O'Šea%");
        assert_eq!(patterns.upper, "ÉRIC O'ŠEA%");
    }
}
