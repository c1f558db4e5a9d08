//! The words of one language.

use std::collections::BTreeMap;
use std::fmt;

use rookery_domain::Language;
use thiserror::Error;
use toml::{Table, Value};

use crate::conventions::Conventions;
use crate::plural::{CATEGORIES, Plural, Rules};
use crate::{Phrase, PhraseFault};

/// A file of words that cannot be used.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// The tag names no language.
    #[error("\"{0}\" is no language; languages are called by their two letters of ISO 639-1, such as en")]
    UnknownLanguage(String),
    /// It is no TOML.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// Which.
        file: String,
        /// Where and why.
        source: toml::de::Error,
    },
    /// Something in it is no text, or none that can be used.
    #[error("{file}: {fault}")]
    Unusable {
        /// Which.
        file: String,
        /// What, by its dotted key, and why.
        fault: Fault,
    },
    /// A language is nameless.
    #[error(
        "{0} has no name: its files need a table [language] with the language's name in itself, such as name = \"English\""
    )]
    Nameless(Language),
    /// English, the measure of all others, is not there.
    #[error("there is no English")]
    NoEnglish,
}

/// What is wrong in a file: the dotted key, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    key: String,
    why: String,
}

impl Fault {
    pub(crate) fn new(key: &str, why: &str) -> Self {
        Self {
            key: key.to_owned(),
            why: why.to_owned(),
        }
    }

    pub(crate) fn of(key: &str, fault: PhraseFault) -> Self {
        Self::new(key, &fault.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.why)
    }
}

/// What is said under one key.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The same whatever the number.
    Plain(Phrase),
    /// By a number.
    Plural(Plural),
}

/// The words of one language, and how dates are written in it.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) conventions: Conventions,
    pub(crate) messages: BTreeMap<String, Message>,
    pub(crate) rules: Rules,
}

impl Catalogue {
    /// A language of these files, each a name and its text. Of two files that say the same key the later one counts.
    pub(crate) fn of(language: Language, files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let nameless = |fault| CatalogueError::Unusable {
            file: language.to_string(),
            fault,
        };
        let mut catalogue = Self {
            conventions: Conventions::plain("").map_err(nameless)?,
            messages: BTreeMap::new(),
            rules: Rules::of(language),
        };
        catalogue.read(files)?;
        if catalogue.conventions.name.is_empty() {
            return Err(CatalogueError::Nameless(language));
        }
        Ok(catalogue)
    }

    /// The same language, with what these files say instead.
    pub(crate) fn with(&self, language: Language, files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let mut catalogue = Self {
            conventions: self.conventions.clone(),
            messages: self.messages.clone(),
            rules: Rules::of(language),
        };
        catalogue.read(files)?;
        Ok(catalogue)
    }

    fn read(&mut self, files: &[(&str, &str)]) -> Result<(), CatalogueError> {
        for &(file, text) in files {
            let mut table: Table = text.parse().map_err(|source| CatalogueError::Unreadable {
                file: file.to_owned(),
                source,
            })?;
            let unusable = |fault| CatalogueError::Unusable {
                file: file.to_owned(),
                fault,
            };
            match table.remove("language") {
                Some(Value::Table(language)) => {
                    self.conventions = self.conventions.clone().with(&language).map_err(unusable)?;
                }
                Some(_) => return Err(unusable(Fault::new("language", "is no table"))),
                None => {}
            }
            for (key, value) in table {
                self.put(key, value).map_err(unusable)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, key: String, value: Value) -> Result<(), Fault> {
        let message = match value {
            Value::String(text) => Message::Plain(phrase(&key, &text)?),
            Value::Table(table) if is_plural(&table) => Message::Plural(plural(&key, &table)?),
            Value::Table(table) => {
                return table
                    .into_iter()
                    .try_for_each(|(name, value)| self.put(format!("{key}.{name}"), value));
            }
            _ => return Err(Fault::new(&key, "is neither a text nor a table of texts")),
        };
        self.messages.insert(key, message);
        Ok(())
    }
}

fn phrase(key: &str, text: &str) -> Result<Phrase, Fault> {
    Phrase::parse(text).map_err(|fault| Fault::of(key, fault))
}

/// A table is a plural when it says `other` and every key of it is a category or a number.
fn is_plural(table: &Table) -> bool {
    table.contains_key("other") && table.iter().all(|(key, value)| is_form(key) && value.is_str())
}

fn is_form(key: &str) -> bool {
    CATEGORIES.contains(&key) || key.parse::<u64>().is_ok()
}

fn plural(key: &str, table: &Table) -> Result<Plural, Fault> {
    let mut plural = Plural {
        exact: BTreeMap::new(),
        forms: BTreeMap::new(),
        other: phrase(key, table.get("other").and_then(Value::as_str).unwrap_or_default())?,
    };
    for (form, text) in table.iter().filter(|(form, _)| *form != "other") {
        let phrase = phrase(&format!("{key}.{form}"), text.as_str().unwrap_or_default())?;
        match form.parse() {
            Ok(number) => plural.exact.insert(number, phrase),
            Err(_) => plural.forms.insert(form.clone(), phrase),
        };
    }
    Ok(plural)
}
