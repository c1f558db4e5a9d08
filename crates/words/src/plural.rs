//! A text that depends on a number.

use std::collections::{BTreeMap, BTreeSet};

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use rookery_domain::Language;

use crate::Phrase;

/// The categories of the Unicode CLDR, by the words files use.
pub(crate) const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// How many forms are asked about when a language's categories are listed: the counts of people's things, not of atoms.
const COMMON: u64 = 200;

/// A text in the forms its language has.
#[derive(Clone, Debug)]
pub(crate) struct Plural {
    /// For numbers with a text of their own.
    pub(crate) exact: BTreeMap<u64, Phrase>,
    /// By category, without `other`.
    pub(crate) forms: BTreeMap<String, Phrase>,
    /// For every other number.
    pub(crate) other: Phrase,
}

impl Plural {
    /// The form for a number.
    pub(crate) fn form(&self, count: u64, rules: Rules) -> &Phrase {
        self.exact
            .get(&count)
            .or_else(|| self.forms.get(rules.category(count)))
            .unwrap_or(&self.other)
    }

    /// Every form but `other`, by the word it has in files.
    pub(crate) fn special_forms(&self) -> impl Iterator<Item = (String, &Phrase)> {
        let exact = self.exact.iter().map(|(number, phrase)| (number.to_string(), phrase));
        exact.chain(self.forms.iter().map(|(category, phrase)| (category.clone(), phrase)))
    }
}

/// Which category a number has in a language. A language the Unicode CLDR says nothing of has `other` alone.
///
/// The rules are looked up each time: the compiled table is fast to search, and what it gives cannot be shared by threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules(Language);

impl Rules {
    pub(crate) const fn of(language: Language) -> Self {
        Self(language)
    }

    pub(crate) fn category(self, count: u64) -> &'static str {
        category(self.found().as_ref(), count)
    }

    fn found(self) -> Option<PluralRules> {
        let locale = Locale::try_from_str(self.0.as_str()).ok()?;
        PluralRules::try_new_cardinal((&locale).into()).ok()
    }

    /// The categories that counts of everyday things fall into.
    pub(crate) fn common_categories(self) -> BTreeSet<&'static str> {
        let rules = self.found();
        (0..=COMMON).map(|count| category(rules.as_ref(), count)).collect()
    }
}

fn category(rules: Option<&PluralRules>, count: u64) -> &'static str {
    match rules.map(|rules| rules.category_for(count)) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        Some(PluralCategory::Other) | None => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(language: &str) -> Rules {
        Rules::of(language.parse().unwrap())
    }

    #[test]
    fn numbers_fall_into_the_categories_of_their_language() {
        for (language, expected) in [
            ("en", vec![(0, "other"), (1, "one"), (2, "other"), (21, "other")]),
            ("es", vec![(0, "other"), (1, "one"), (2, "other"), (1_000_000, "many")]),
            ("fr", vec![(0, "one"), (1, "one"), (2, "other")]),
            (
                "pl",
                vec![(1, "one"), (3, "few"), (5, "many"), (22, "few"), (112, "many")],
            ),
            (
                "ar",
                vec![
                    (0, "zero"),
                    (1, "one"),
                    (2, "two"),
                    (3, "few"),
                    (11, "many"),
                    (100, "other"),
                ],
            ),
            ("ja", vec![(0, "other"), (1, "other")]),
        ] {
            for (count, category) in expected {
                assert_eq!(rules(language).category(count), category, "{count} in {language}");
            }
        }
    }

    #[test]
    fn a_language_without_rules_has_one_category() {
        assert_eq!(rules("ae").common_categories(), BTreeSet::from(["other"]));
    }

    #[test]
    fn only_everyday_numbers_are_asked_for() {
        assert_eq!(rules("es").common_categories(), BTreeSet::from(["one", "other"]));
    }
}
