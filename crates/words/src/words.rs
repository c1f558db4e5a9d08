//! Every language there is, and what is said in it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rookery_domain::{Device, Language, TimeZone, Timestamp};
use thiserror::Error;

use crate::built_in::LANGUAGES;
use crate::catalogue::{Catalogue, Message};
use crate::{Argument, CatalogueError, Direction, Phrase, Piece, Remark, negotiation, remark};

/// The words of every language. English is always among them and complete; the others fall back to it, text by text.
#[derive(Debug)]
pub struct Words {
    english: Catalogue,
    others: BTreeMap<Language, Catalogue>,
}

/// Why nothing can be said: a mistake in what asks, never in a language.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unsaid {
    /// There is no such text in English.
    #[error("there is no text {0}")]
    UnknownKey(String),
    /// The text depends on a number, and none called `count` is there.
    #[error("the text {0} is a plural and needs a number called count")]
    NoCount(String),
    /// The text has a place for which nothing is there.
    #[error("the text {key} needs {argument}")]
    MissingArgument {
        /// Which text.
        key: String,
        /// What it needs.
        argument: String,
    },
}

impl Words {
    /// The languages that come with the service: English and Spanish.
    ///
    /// # Errors
    /// [`CatalogueError`] if one of them were wrong, which the tests rule out.
    pub fn built_in() -> Result<Self, CatalogueError> {
        Self::collected(LANGUAGES.iter().map(|&(tag, files)| (tag, files.to_vec())))
    }

    /// These languages alone: pairs of a language's tag and a file of its words, English among them. English needs no
    /// name. What the others lack is said in English.
    ///
    /// # Errors
    /// [`CatalogueError`] when a file cannot be used, or there is no English.
    pub fn of(files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let mut languages: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for &(tag, text) in files {
            languages.entry(tag).or_default().push((tag, text));
        }
        if let Some(english) = languages.get_mut("en") {
            english.insert(0, ("en", "language.name = 'English'"));
        }
        Self::collected(languages)
    }

    fn collected<'a>(
        languages: impl IntoIterator<Item = (&'a str, Vec<(&'a str, &'a str)>)>,
    ) -> Result<Self, CatalogueError> {
        let languages: BTreeMap<&str, Vec<(&str, &str)>> = languages.into_iter().collect();
        let english = languages.get("en").ok_or(CatalogueError::NoEnglish)?;
        let mut words = Self {
            english: Catalogue::of(Language::default(), english)?,
            others: BTreeMap::new(),
        };
        for (tag, files) in languages.iter().filter(|(tag, _)| **tag != "en") {
            words.add(tag, files)?;
        }
        Ok(words)
    }

    /// Takes in a language, or other words for one that is there: the files of its tag, each a name (for messages) and its
    /// text. Tells what it lacks; for other words of a language that was complete that is nothing but what is wrong in them.
    ///
    /// # Errors
    /// [`CatalogueError`] when a file cannot be used. Nothing has changed then.
    pub fn add(&mut self, tag: &str, files: &[(&str, &str)]) -> Result<Vec<Remark>, CatalogueError> {
        let language: Language = tag
            .parse()
            .map_err(|_| CatalogueError::UnknownLanguage(tag.to_owned()))?;
        let known = self.catalogue(language);
        let mut catalogue = match known {
            Some(known) => known.with(language, files)?,
            None => Catalogue::of(language, files)?,
        };
        let remarks = remark::settle(language, &mut catalogue, &self.english);
        // What could not be used leaves the text there was.
        for (key, message) in known.into_iter().flat_map(|known| &known.messages) {
            catalogue.messages.entry(key.clone()).or_insert_with(|| message.clone());
        }
        if language == Language::default() {
            self.english = catalogue;
        } else {
            self.others.insert(language, catalogue);
        }
        Ok(remarks)
    }

    /// The languages there are, English first, the others by their tags.
    pub fn languages(&self) -> impl Iterator<Item = Language> + '_ {
        std::iter::once(Language::default()).chain(self.others.keys().copied())
    }

    /// A language's name in itself: `Español`. English's for one that is not there.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        &self.spoken(language).conventions.name
    }

    /// Which way a language runs.
    #[must_use]
    pub fn direction(&self, language: Language) -> Direction {
        self.spoken(language).conventions.direction
    }

    /// The language to speak: what somebody prefers (their account's), else what they chose here (a cookie, a link), else what
    /// their browser's `Accept-Language` wants most, else English. Wishes for a language that is not there do not count.
    #[must_use]
    pub fn choose(
        &self,
        preference: Option<Language>,
        choice: Option<&str>,
        accept_language: Option<&str>,
    ) -> Language {
        let ours: Vec<&str> = self.languages().map(Language::as_str).collect();
        let wanted = || negotiation::best(accept_language?, &ours)?.parse().ok();
        preference
            .filter(|language| self.speaks(*language))
            .or_else(|| choice?.parse().ok().filter(|language| self.speaks(*language)))
            .or_else(wanted)
            .unwrap_or_default()
    }

    /// Whether this language is there.
    #[must_use]
    pub fn speaks(&self, language: Language) -> bool {
        self.catalogue(language).is_some()
    }

    /// A text of a language, filled. What cannot be said reads as its key, so that it is found and breaks nothing; templates
    /// use [`Words::phrase`] and fail in tests instead.
    #[must_use]
    pub fn say(&self, language: Language, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        self.try_say(language, key, arguments)
            .unwrap_or_else(|_| key.to_owned())
    }

    /// A text of a language, filled.
    ///
    /// # Errors
    /// [`Unsaid`] when there is no such text, or something it needs is not there.
    pub fn try_say(&self, language: Language, key: &str, arguments: &[(&str, Argument<'_>)]) -> Result<String, Unsaid> {
        let given = |name: &str| {
            arguments
                .iter()
                .find(|(given, _)| *given == name)
                .map(|(_, value)| value)
        };
        let count = match given("count") {
            Some(Argument::Count(count)) => Some(*count),
            _ => None,
        };
        self.phrase(language, key, count)?
            .pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Ok(Cow::Borrowed(text.as_str())),
                Piece::Argument(name) => given(name)
                    .map(Argument::to_text)
                    .ok_or_else(|| Unsaid::MissingArgument {
                        key: key.to_owned(),
                        argument: name.clone(),
                    }),
            })
            .collect()
    }

    /// A text of a language in its pieces, for who escapes words and fills places by rules of its own. `count` chooses the
    /// plural.
    ///
    /// # Errors
    /// [`Unsaid`] when there is no such text, or it is a plural and there is no number.
    pub fn phrase(&self, language: Language, key: &str, count: Option<u64>) -> Result<&Phrase, Unsaid> {
        let own = self.spoken(language);
        let (catalogue, message) = match own.messages.get(key) {
            Some(message) => (own, message),
            None => match self.english.messages.get(key) {
                Some(message) => (&self.english, message),
                None => return Err(Unsaid::UnknownKey(key.to_owned())),
            },
        };
        match message {
            Message::Plain(phrase) => Ok(phrase),
            Message::Plural(plural) => count
                .map(|count| plural.form(count, catalogue.rules))
                .ok_or_else(|| Unsaid::NoCount(key.to_owned())),
        }
    }

    /// Whether there is a text of this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.english.messages.contains_key(key)
    }

    /// Every key there is, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.english.messages.keys().map(String::as_str)
    }

    /// A day as it is written in a language: `27 October 2025`.
    #[must_use]
    pub fn date(&self, language: Language, at: Timestamp, zone: TimeZone) -> String {
        self.spoken(language).conventions.date(&zone.local(at))
    }

    /// A moment as it is written in a language, with the zone it is told in: `27 October 2025 at 13:00 UTC+1`.
    #[must_use]
    pub fn moment(&self, language: Language, at: Timestamp, zone: TimeZone) -> String {
        self.spoken(language).conventions.moment(&zone.local(at))
    }

    /// A span as people say it: `24 hours`, `1 hour`, `20 minutes`, `3 days`. Rounded down to whole units, since something
    /// that ends before it was said to is worse than something that ends after.
    #[must_use]
    pub fn span(&self, language: Language, from: Timestamp, to: Timestamp) -> String {
        let minutes = (to - from).num_minutes().max(0).unsigned_abs();
        let (key, count) = match minutes {
            ..60 => ("span.minutes", minutes),
            60..2880 => ("span.hours", minutes / 60),
            _ => ("span.days", minutes / 1440),
        };
        self.say(language, key, &[("count", count.into())])
    }

    /// A device in words people recognise: `Firefox on Linux`.
    #[must_use]
    pub fn device(&self, language: Language, device: Device) -> String {
        match (device.browser, device.system) {
            (Some(browser), Some(system)) => {
                let arguments = [("browser", browser.into()), ("system", system.into())];
                self.say(language, "device.browser_on_system", &arguments)
            }
            (Some(browser), None) => browser.to_owned(),
            (None, Some(system)) => self.say(language, "device.unknown_browser", &[("system", system.into())]),
            (None, None) => self.say(language, "device.unknown", &[]),
        }
    }

    fn catalogue(&self, language: Language) -> Option<&Catalogue> {
        if language == Language::default() {
            return Some(&self.english);
        }
        self.others.get(&language)
    }

    fn spoken(&self, language: Language) -> &Catalogue {
        self.catalogue(language).unwrap_or(&self.english)
    }
}

#[cfg(test)]
mod tests;
