//! Who takes mails away: a mail server, or a mailbox that shows them to a developer.

use std::sync::Arc;

use rookery_core::ports::Mailer;
use rookery_mail::{Brand, DevMailbox, SmtpMailer, Templates};
use rookery_words::Words;

use crate::configuration::Configuration;
use crate::start_error::StartError;

/// The mailer, and what can be seen of it.
pub(crate) struct MailRoom {
    /// Takes mails away.
    pub(crate) mailer: Arc<dyn Mailer>,
    /// The same mailer where it shows mails: in development, when no mail server is configured.
    pub(crate) mailbox: Option<Arc<DevMailbox>>,
}

impl MailRoom {
    /// Opens it. The configuration knows that production has a mail server.
    pub(crate) fn open(configuration: &Configuration, words: Arc<Words>) -> Result<Self, StartError> {
        let brand = &configuration.brand;
        let brand = Brand {
            product: brand.name.as_str().to_owned(),
            support: brand.support.clone(),
            primary: brand.primary,
            primary_dark: brand.primary_dark,
            home: brand.home.as_ref().map(ToString::to_string),
            terms: brand.terms.as_ref().map(ToString::to_string),
            privacy: brand.privacy.as_ref().map(ToString::to_string),
        };
        let mail = &configuration.mail;
        let templates = Arc::new(match &mail.templates {
            Some(directory) => Templates::with_overrides(brand, words, directory)?,
            None => Templates::new(brand, words)?,
        });
        if let Some(server) = &mail.server {
            return Ok(Self {
                mailer: Arc::new(SmtpMailer::new(server.clone(), mail.sender.clone(), templates)),
                mailbox: None,
            });
        }
        let mailbox = Arc::new(DevMailbox::new(templates));
        Ok(Self {
            mailer: Arc::clone(&mailbox) as Arc<dyn Mailer>,
            mailbox: Some(mailbox),
        })
    }
}
