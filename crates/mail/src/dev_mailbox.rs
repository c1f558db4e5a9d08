//! A mailbox for development.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use rookery_core::LetterKind;
use rookery_core::ports::{Envelope, Mailer, MailerError};
use rookery_domain::{EmailAddress, MailId, Timestamp};
use url::Url;

use crate::{Rendered, Templates};

/// How many letters are kept.
const CAPACITY: usize = 200;

/// A letter that was delivered to the [`DevMailbox`].
#[derive(Clone, PartialEq, Eq)]
pub struct StoredLetter {
    /// Its name.
    pub id: MailId,
    /// Whom it was for.
    pub to: EmailAddress,
    /// What kind of letter it is.
    pub kind: LetterKind,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML page.
    pub html: String,
    /// Where its button leads.
    pub link: Option<String>,
    /// The token in that link, if it has one.
    pub token: Option<String>,
    /// The code beside it, if there is one.
    pub code: Option<String>,
    /// When it was written.
    pub written: Timestamp,
}

/// [`Mailer`] for development and tests: keeps the latest 200 letters in memory and shows them to whoever asks.
///
/// Whoever sees this mailbox can take over any account, so it has no place in production.
pub struct DevMailbox {
    templates: Arc<Templates>,
    letters: Mutex<VecDeque<StoredLetter>>,
}

impl DevMailbox {
    /// An empty mailbox.
    #[must_use]
    pub const fn new(templates: Arc<Templates>) -> Self {
        Self {
            templates,
            letters: Mutex::new(VecDeque::new()),
        }
    }

    /// The letters to one person, or to everybody, the newest first.
    #[must_use]
    pub fn letters(&self, to: Option<&EmailAddress>) -> Vec<StoredLetter> {
        self.kept()
            .iter()
            .rev()
            .filter(|letter| to.is_none_or(|to| *to == letter.to))
            .cloned()
            .collect()
    }

    /// What puts its letters into words.
    #[must_use]
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<StoredLetter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for DevMailbox {
    async fn deliver(&self, envelope: &Envelope) -> Result<(), MailerError> {
        let rendered = self
            .templates
            .render(envelope)
            .map_err(|error| MailerError::Temporary(error.to_string()))?;
        let letter = StoredLetter::new(envelope, rendered);
        let mut kept = self.kept();
        // A second copy of a letter takes the place of the first, as a mail program does by `Message-ID`.
        kept.retain(|other| other.id != letter.id);
        if kept.len() == CAPACITY {
            kept.pop_front();
        }
        kept.push_back(letter);
        tracing::info!(mail = %envelope.id, kind = envelope.letter.kind().as_str(), "a letter is in the development mailbox");
        Ok(())
    }
}

impl StoredLetter {
    fn new(envelope: &Envelope, rendered: Rendered) -> Self {
        let link = envelope.letter.link();
        Self {
            id: envelope.id,
            to: envelope.to.clone(),
            kind: envelope.letter.kind(),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            link: Some(link.to_owned()),
            token: token(link),
            code: envelope.letter.code().map(str::to_owned),
            written: envelope.written,
        }
    }
}

fn token(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let (_, token) = url.query_pairs().find(|(key, _)| key == "token")?;
    Some(token.into_owned())
}

/// Neither the person nor the secret.
impl fmt::Debug for StoredLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredLetter")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for DevMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevMailbox")
            .field("letters", &self.kept().len())
            .finish_non_exhaustive()
    }
}
