//! The words of letters.

mod built_in;
mod overrides;

use std::fmt;
use std::path::{Path, PathBuf};

use minijinja::{Environment, UndefinedBehavior, Value};
use rookery_core::ports::Envelope;
use rookery_core::{FactorChange, Letter, LetterKind};
use rookery_domain::Timestamp;
use thiserror::Error;

use crate::salutation::{salutation, single_line};
use crate::wording::{moment, span};

/// What letters say of the service they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The name of the product, as people know it.
    pub product: String,
    /// Where people find help, such as an address or a page; said in every letter if there is such a place.
    pub support: Option<String>,
}

impl Brand {
    fn on_single_lines(self) -> Self {
        Self {
            product: single_line(&self.product),
            support: self.support.as_deref().map(single_line),
        }
    }
}

/// A letter in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, whatever went into it.
    pub subject: String,
    /// For people who read plain text. Lines end in `\n`.
    pub text: String,
    /// For the others: a whole page that loads nothing from anywhere.
    pub html: String,
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
        known: Vec<&'static str>,
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

/// Puts letters into words: English ones, or an operator's own.
pub struct Templates {
    environment: Environment<'static>,
    brand: Brand,
}

impl Templates {
    /// The templates that come with the service.
    ///
    /// # Errors
    /// [`TemplateError`] if one of them were wrong, which the tests rule out.
    pub fn new(brand: Brand) -> Result<Self, TemplateError> {
        Self::of(brand, Vec::new())
    }

    /// The templates that come with the service, except where this directory has a file of the same name, such as
    /// `welcome.subject.txt`, `welcome.txt`, `welcome.html` or `layout.html`. Hidden files and directories in it do not
    /// count.
    ///
    /// Templates are in the language of Jinja. They can say `product`, `support`, `to`, `name` (the last three may be
    /// none), `link`; those of letters whose link ends also `good_for` and `until`, those that tell of something that was
    /// done `at`, those of a changed address `new_email`, that of a second factor `change` (`added`, `removed`, `codes_renewed`), that of
    /// few recovery codes `left`, that of an address that has an account `recover`. In `.html` everything is escaped, and there is no filter to get
    /// around it.
    ///
    /// # Errors
    /// [`TemplateError`] when a file cannot be read, is misspelt, is no template, says something its kind of letter does not
    /// have, or leaves out the link: all of it now, none of it when the first letter goes out.
    pub fn with_overrides(brand: Brand, directory: &Path) -> Result<Self, TemplateError> {
        Self::of(brand, overrides::read(directory)?)
    }

    fn of(brand: Brand, overrides: Vec<(&'static str, String)>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.remove_filter("safe");
        let built_in = built_in::TEMPLATES
            .iter()
            .map(|&(name, source)| (name, source.to_owned()));
        for (name, source) in built_in.chain(overrides) {
            environment
                .add_template_owned(name, source)
                .map_err(|source| TemplateError::Wrong {
                    name: name.to_owned(),
                    source,
                })?;
        }
        let templates = Self {
            environment,
            brand: brand.on_single_lines(),
        };
        templates.try_every_kind()?;
        Ok(templates)
    }

    /// The letter in words.
    ///
    /// # Errors
    /// [`RenderError`] when an operator's template fails on this letter though it did not on the samples at the start.
    pub fn render(&self, envelope: &Envelope) -> Result<Rendered, RenderError> {
        self.words(&envelope.letter, envelope.to.as_str(), envelope.written)
            .map_err(|(name, error)| RenderError {
                line: error.line().unwrap_or_default(),
                kind: error.kind(),
                name,
            })
    }

    fn words(&self, letter: &Letter, to: &str, written: Timestamp) -> Result<Rendered, (String, minijinja::Error)> {
        let facts = self.facts(letter, to, written);
        let fill = |ending: &str| {
            let name = format!("{}.{ending}", letter.kind().as_str());
            self.environment
                .get_template(&name)
                .and_then(|template| template.render(facts.clone()))
                .map_err(|error| (name, error))
        };
        Ok(Rendered {
            subject: single_line(&fill("subject.txt")?),
            text: fill("txt")? + "\n",
            html: fill("html")? + "\n",
        })
    }

    /// What a template can say. What a kind of letter does not have is undefined in it, and using it an error.
    fn facts(&self, letter: &Letter, to: &str, written: Timestamp) -> Value {
        let (name, link, expires, at) = match letter {
            Letter::VerifyEmail {
                name, link, expires, ..
            }
            | Letter::ResetPassword {
                name, link, expires, ..
            }
            | Letter::ConfirmNewEmail { name, link, expires }
            | Letter::ChangeUndone {
                name, link, expires, ..
            } => (name, link, Some(*expires), None),
            Letter::AccountLocked {
                name,
                at,
                link,
                expires,
            } => (name, link, Some(*expires), Some(*at)),
            Letter::PasswordChanged {
                name,
                at,
                undo,
                expires,
            }
            | Letter::NewDevice {
                name,
                at,
                undo,
                expires,
                ..
            }
            | Letter::EmailChanged {
                name,
                at,
                undo,
                expires,
                ..
            }
            | Letter::SecondFactorChanged {
                name,
                at,
                undo,
                expires,
                ..
            } => (name, undo, Some(*expires), Some(*at)),
            Letter::EmailChangeRequested { name, at, recover, .. } => (name, recover, None, Some(*at)),
            Letter::RecoveryCodesLow { name, at, home, .. } => (name, home, None, Some(*at)),
            Letter::NewEmailConfirmed { name, home }
            | Letter::Welcome { name, home }
            | Letter::AlreadyRegistered { name, home, .. } => (name, home, None, None),
        };
        let mut facts = vec![
            ("product", Value::from(self.brand.product.as_str())),
            ("support", Value::from(self.brand.support.as_deref())),
            ("to", Value::from(to)),
            ("name", Value::from(salutation(name.as_deref()))),
            ("link", Value::from(link.as_str())),
        ];
        if let Some(expires) = expires {
            facts.push(("good_for", Value::from(span(written, expires))));
            facts.push(("until", Value::from(moment(expires))));
        }
        if let Letter::AlreadyRegistered { recover, .. } = letter {
            facts.push(("recover", Value::from(recover.as_str())));
        }
        if let Some(at) = at {
            facts.push(("at", Value::from(moment(at))));
        }
        if let Letter::NewDevice { device, address, .. } = letter {
            facts.push(("device", Value::from(device.as_str())));
            facts.push(("address", Value::from(address.as_deref())));
        }
        if let Letter::EmailChangeRequested { new_email, .. } | Letter::EmailChanged { new_email, .. } = letter {
            facts.push(("new_email", Value::from(new_email.as_str())));
        }
        if let Letter::SecondFactorChanged { change, .. } = letter {
            let change = match change {
                FactorChange::Added => "added",
                FactorChange::Removed => "removed",
                FactorChange::CodesRenewed => "codes_renewed",
            };
            facts.push(("change", Value::from(change)));
        }
        if let Letter::RecoveryCodesLow { left, .. } = letter {
            facts.push(("left", Value::from(*left)));
        }
        Value::from_pairs(facts)
    }

    /// Writes one letter of each kind, so that what is wrong with a template shows before it is needed.
    fn try_every_kind(&self) -> Result<(), TemplateError> {
        const LINK: &str = "sample-of-a-link";
        for letter in samples(LINK) {
            let kind: LetterKind = letter.kind();
            let rendered = self
                .words(&letter, "ada@example.com", Timestamp::UNIX_EPOCH)
                .map_err(|(name, source)| TemplateError::Wrong { name, source })?;
            for (there, ending, missing) in [
                (!rendered.subject.is_empty(), "subject.txt", "the subject"),
                (rendered.text.contains(LINK), "txt", "the link"),
                (rendered.html.contains(LINK), "html", "the link"),
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

fn samples(link: &str) -> impl Iterator<Item = Letter> {
    let at = Timestamp::UNIX_EPOCH;
    [None, Some("Ada".to_owned())].into_iter().flat_map(move |name| {
        [
            Letter::VerifyEmail {
                name: name.clone(),
                link: link.to_owned(),
                code: Some("7KQ01-X2Z9F".to_owned()),
                expires: at,
            },
            Letter::ResetPassword {
                name: name.clone(),
                link: link.to_owned(),
                code: Some("7KQ01-X2Z9F".to_owned()),
                expires: at,
            },
            Letter::PasswordChanged {
                name: name.clone(),
                at,
                undo: link.to_owned(),
                expires: at,
            },
            Letter::ConfirmNewEmail {
                name: name.clone(),
                link: link.to_owned(),
                expires: at,
            },
            Letter::EmailChangeRequested {
                name: name.clone(),
                at,
                new_email: "ada@example.org".to_owned(),
                recover: link.to_owned(),
            },
            Letter::EmailChanged {
                name: name.clone(),
                at,
                new_email: "ada@example.org".to_owned(),
                undo: link.to_owned(),
                expires: at,
            },
            Letter::NewEmailConfirmed {
                name: name.clone(),
                home: link.to_owned(),
            },
            Letter::ChangeUndone {
                name: name.clone(),
                link: link.to_owned(),
                code: Some("7KQ01-X2Z9F".to_owned()),
                expires: at,
            },
            Letter::AlreadyRegistered {
                name: name.clone(),
                home: link.to_owned(),
                recover: link.to_owned(),
            },
            Letter::SecondFactorChanged {
                name: name.clone(),
                at,
                change: FactorChange::Added,
                undo: link.to_owned(),
                expires: at,
            },
            Letter::RecoveryCodesLow {
                name: name.clone(),
                at,
                left: 3,
                home: link.to_owned(),
            },
            Letter::AccountLocked {
                name: name.clone(),
                at,
                link: link.to_owned(),
                expires: at,
            },
            Letter::NewDevice {
                name: name.clone(),
                at,
                device: "Firefox on Linux".to_owned(),
                address: name.clone(),
                undo: link.to_owned(),
                expires: at,
            },
            Letter::Welcome {
                name,
                home: link.to_owned(),
            },
        ]
    })
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
