//! The words of letters.

mod built_in;
mod escaped;
mod facts;
mod flowed;
mod overrides;
mod speech;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::{
    AutoEscape, Environment, ErrorKind, Output, State, Template, UndefinedBehavior, Value, escape_formatter,
};
use rookery_core::ports::Envelope;
use rookery_core::{Letter, LetterKind, Reader};
use rookery_domain::{Language, Timestamp};
use rookery_words::Words;
use thiserror::Error;

use crate::Brand;
use crate::salutation::single_line;
use crate::samples::{self, Sample, samples};
use escaped::Escaped;
use flowed::flowed;

/// A letter in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, whatever went into it.
    pub subject: String,
    /// For people who read plain text. Lines end in `\n`.
    pub text: String,
    /// For the others: a whole page that loads nothing from anywhere.
    pub html: String,
    /// The language it is in.
    pub language: Language,
}

/// A letter's text holds its link: only the subject is shown.
impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// Templates that cannot be used.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// A file or the directory cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is no template; most likely its name is misspelt.
    #[error("{} is no mail template; those are {}", path.display(), known.join(", "))]
    Unknown {
        /// Which.
        path: PathBuf,
        /// The names that mean something.
        known: Vec<String>,
    },
    /// The template is wrong, or uses something a letter of its kind does not have.
    #[error("the mail template {name} cannot be used: {source}")]
    Wrong {
        /// Which.
        name: String,
        /// What and where, with the line.
        source: minijinja::Error,
    },
    /// The letter would be of no use.
    #[error("the mail template {name} leaves out {missing}")]
    Incomplete {
        /// Which.
        name: String,
        /// What a letter needs.
        missing: &'static str,
    },
}

/// A letter that could not be put into words. Says where, and nothing of the letter.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line} of the mail template {name} fails: {kind}")]
pub struct RenderError {
    name: String,
    line: usize,
    kind: minijinja::ErrorKind,
}

/// A template that fails.
struct Failed {
    name: String,
    source: minijinja::Error,
}

impl From<Failed> for RenderError {
    fn from(failed: Failed) -> Self {
        Self {
            line: failed.source.line().unwrap_or_default(),
            kind: failed.source.kind(),
            name: failed.name,
        }
    }
}

/// Puts letters into the words of their reader's language, or into an operator's own.
pub struct Templates {
    environment: Environment<'static>,
    brand: Brand,
    words: Arc<Words>,
}

impl Templates {
    /// The templates that come with the service.
    ///
    /// # Errors
    /// [`TemplateError`] if one of them were wrong, which the tests rule out.
    pub fn new(brand: Brand, words: Arc<Words>) -> Result<Self, TemplateError> {
        Self::of(brand, words, Vec::new())
    }

    /// The templates that come with the service, except where this directory has a file of the same name, such as
    /// `layout.html`, or one for a kind of letter, such as `welcome.subject.txt`, `welcome.txt` or `welcome.html`. Hidden files and
    /// directories in it do not count.
    ///
    /// Templates are in the language of Jinja; `docs/mails.md` lists what they can say. In `.html` everything is escaped, and
    /// there is no filter to get around it.
    ///
    /// # Errors
    /// [`TemplateError`] when a file cannot be read, is misspelt, is no template, says something its kind of letter does not
    /// have, or leaves out the link: all of it now, none of it when the first letter goes out.
    pub fn with_overrides(brand: Brand, words: Arc<Words>, directory: &Path) -> Result<Self, TemplateError> {
        Self::of(brand, words, overrides::read(directory)?)
    }

    fn of(brand: Brand, words: Arc<Words>, overrides: Vec<(String, String)>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.remove_filter("safe");
        environment.set_formatter(write_escaped);
        speech::teach(&mut environment, &words);
        let built_in = built_in::TEMPLATES
            .iter()
            .map(|&(name, source)| (name.to_owned(), source.to_owned()));
        for (name, source) in built_in.chain(overrides) {
            environment
                .add_template_owned(name.clone(), source)
                .map_err(|source| TemplateError::Wrong { name, source })?;
        }
        let templates = Self {
            environment,
            brand: brand.on_single_lines(),
            words,
        };
        templates.try_every_kind()?;
        Ok(templates)
    }

    /// The languages letters can be written in.
    pub fn languages(&self) -> impl Iterator<Item = (Language, &str)> {
        self.words
            .languages()
            .map(|language| (language, self.words.name(language)))
    }

    /// The letter in words.
    ///
    /// # Errors
    /// [`RenderError`] when an operator's template fails on this letter though it did not on the samples at the start.
    pub fn render(&self, envelope: &Envelope) -> Result<Rendered, RenderError> {
        Ok(self.fill(
            &envelope.letter,
            envelope.to.as_str(),
            envelope.reader,
            envelope.written,
        )?)
    }

    /// The sample in words, for somebody who reads so.
    ///
    /// # Errors
    /// [`RenderError`] as above.
    pub fn render_sample(&self, sample: &Sample, reader: Reader) -> Result<Rendered, RenderError> {
        Ok(self.fill(&sample.letter, samples::TO, reader, sample.written)?)
    }

    fn fill(&self, letter: &Letter, to: &str, reader: Reader, written: Timestamp) -> Result<Rendered, Failed> {
        let reader = Reader {
            language: self.words.choose(Some(reader.language), None, None),
            ..reader
        };
        let facts = facts::of(letter, to, reader, written, &self.brand, &self.words);
        let fill = |ending: &str, otherwise: &str| {
            let template = self.template(letter.kind(), ending, otherwise);
            let name = template.as_ref().map_or(otherwise, Template::name).to_owned();
            template
                .and_then(|template| template.render(&facts))
                .map_err(|source| Failed { name, source })
        };
        Ok(Rendered {
            subject: single_line(&fill("subject.txt", "subject.txt")?),
            text: flowed(&fill("txt", "layout.txt")?),
            html: fill("html", "layout.html")?.trim_start().to_owned() + "\n",
            language: reader.language,
        })
    }

    /// The template of this kind of letter, or the one of all letters.
    fn template(&self, kind: LetterKind, ending: &str, otherwise: &str) -> Result<Template<'_, '_>, minijinja::Error> {
        let own = self.environment.get_template(&format!("{}.{ending}", kind.as_str()));
        match own {
            Err(error) if error.kind() == ErrorKind::TemplateNotFound => self.environment.get_template(otherwise),
            found => found,
        }
    }

    /// Writes one letter of each kind, so that what is wrong with a template shows before it is needed.
    fn try_every_kind(&self) -> Result<(), TemplateError> {
        let named = [None, Some("Ada")];
        let trials = named.map(|name| samples("https://app.example.com", name, Timestamp::UNIX_EPOCH));
        for Sample { letter, written, .. } in trials.into_iter().flatten() {
            let rendered = self
                .fill(&letter, samples::TO, Reader::default(), written)
                .map_err(|Failed { name, source }| TemplateError::Wrong { name, source })?;
            let (kind, link) = (letter.kind(), letter.link());
            for (there, ending, missing) in [
                (!rendered.subject.is_empty(), "subject.txt", "the subject"),
                (rendered.text.contains(link), "txt", "the link"),
                (rendered.html.contains(link), "html", "the link"),
            ] {
                if !there {
                    return Err(TemplateError::Incomplete {
                        name: format!("{}.{ending}", kind.as_str()),
                        missing,
                    });
                }
            }
        }
        Ok(())
    }
}

/// Texts are escaped in HTML; what is no text is written as it always is.
fn write_escaped(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    match value.as_str() {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
            write!(out, "{}", Escaped(text)).map_err(minijinja::Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates")
            .field("brand", &self.brand)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
