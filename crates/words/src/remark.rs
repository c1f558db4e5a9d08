//! How a language falls short of English.

use std::collections::BTreeSet;
use std::fmt;

use rookery_domain::Language;

use crate::Phrase;
use crate::catalogue::{Catalogue, Message};

/// Something a language lacks or has too much. None keeps it from being used: what it cannot say is said in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Keys it lacks: they are said in English.
    Missing(Language, Vec<String>),
    /// Keys English does not have: nobody will ever say them.
    Foreign(Language, Vec<String>),
    /// A text that names other arguments than the English one: it is said in English.
    OtherArguments {
        /// In which language.
        language: Language,
        /// The dotted key.
        key: String,
        /// What English names.
        expected: Vec<String>,
    },
    /// A plural where English has none, or none where it has one: it is said in English.
    OtherKind(Language, String),
    /// A plural without the form some everyday number has in this language: it is said in the form `other`.
    MissingForm {
        /// In which language.
        language: Language,
        /// The dotted key.
        key: String,
        /// The category of the Unicode CLDR.
        form: &'static str,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(language, keys) => {
                write!(
                    f,
                    "{language} lacks {}, said in English: {}",
                    counted(keys),
                    first(keys)
                )
            }
            Self::Foreign(language, keys) => {
                write!(f, "{language} has {} that nothing says: {}", counted(keys), first(keys))
            }
            Self::OtherArguments {
                language,
                key,
                expected,
            } => {
                let expected: Vec<String> = expected.iter().map(|name| format!("{{{name}}}")).collect();
                let expected = if expected.is_empty() {
                    "none".to_owned()
                } else {
                    expected.join(", ")
                };
                write!(
                    f,
                    "{language} names other arguments in {key} than English, which has {expected}; said in English"
                )
            }
            Self::OtherKind(language, key) => {
                write!(
                    f,
                    "{language} has a plural in {key} and English has none, or the reverse; said in English"
                )
            }
            Self::MissingForm { language, key, form } => {
                write!(
                    f,
                    "{language} lacks the plural form \"{form}\" of {key}; \"other\" stands for it"
                )
            }
        }
    }
}

fn counted(keys: &[String]) -> String {
    match keys.len() {
        1 => "one key".to_owned(),
        number => format!("{number} keys"),
    }
}

/// The first few, for a line in a log.
fn first(keys: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown = keys
        .iter()
        .take(SHOWN)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if keys.len() > SHOWN { shown + ", …" } else { shown }
}

/// Compares a language with English, and takes out of it what could not be filled.
pub(crate) fn settle(language: Language, catalogue: &mut Catalogue, english: &Catalogue) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let missing: Vec<String> = keys_beyond(english, catalogue);
    if !missing.is_empty() {
        remarks.push(Remark::Missing(language, missing));
    }
    let foreign = keys_beyond(catalogue, english);
    if !foreign.is_empty() {
        remarks.push(Remark::Foreign(language, foreign));
    }
    let forms = catalogue.rules.common_categories();
    catalogue.messages.retain(|key, message| {
        let Some(measure) = english.messages.get(key) else {
            return false;
        };
        match (message, measure) {
            (Message::Plain(phrase), Message::Plain(measure)) => {
                let agrees = phrase.arguments() == measure.arguments();
                if !agrees {
                    remarks.push(other_arguments(language, key, measure));
                }
                agrees
            }
            (Message::Plural(plural), Message::Plural(measure)) => {
                let lacking = forms
                    .iter()
                    .filter(|form| **form != "other" && !plural.forms.contains_key(**form));
                remarks.extend(lacking.map(|form| Remark::MissingForm {
                    language,
                    key: key.clone(),
                    form,
                }));
                let expected = measure.other.arguments();
                // A special form may leave the number out: "the last one".
                let without_count: BTreeSet<&str> = expected.iter().copied().filter(|name| *name != "count").collect();
                let agrees = plural.other.arguments() == expected
                    && plural.special_forms().all(|(_, phrase)| {
                        let named = phrase.arguments();
                        named == expected || named == without_count
                    });
                if !agrees {
                    remarks.push(other_arguments(language, key, &measure.other));
                }
                agrees
            }
            _ => {
                remarks.push(Remark::OtherKind(language, key.clone()));
                false
            }
        }
    });
    remarks
}

fn keys_beyond(one: &Catalogue, other: &Catalogue) -> Vec<String> {
    let beyond = one.messages.keys().filter(|key| !other.messages.contains_key(*key));
    beyond.cloned().collect()
}

fn other_arguments(language: Language, key: &str, measure: &Phrase) -> Remark {
    Remark::OtherArguments {
        language,
        key: key.to_owned(),
        expected: measure.arguments().into_iter().map(str::to_owned).collect(),
    }
}
