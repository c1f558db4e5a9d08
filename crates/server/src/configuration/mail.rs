//! How mail leaves.

use std::path::PathBuf;

use rookery_mail::{Sender, SmtpServer};

use super::brand::BrandName;
use super::parse::{Demand, path};
use super::profile::Profile;
use super::reader::{Noted, Reader};

/// The sender nobody can answer, where nobody was named.
const NOBODY: &str = "no-reply@localhost";

/// Mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The mail server; `None` shows mails in the development mailbox instead.
    pub server: Option<SmtpServer>,
    /// Who mails are from.
    pub sender: Sender,
    /// A directory with templates that take the place of the built-in ones.
    pub templates: Option<PathBuf>,
}

impl Mail {
    pub(super) fn read(reader: &mut Reader, profile: Profile, brand: &BrandName) -> Result<Self, Noted> {
        let server = server(reader, profile);
        let sender = sender(reader, profile, brand);
        let templates = reader.optional("mail.templates", path);
        Ok(Self {
            server: server?,
            sender: sender?,
            templates: templates?,
        })
    }
}

fn server(reader: &mut Reader, profile: Profile) -> Result<Option<SmtpServer>, Noted> {
    let server = reader.optional("mail.smtp_url", |text| {
        SmtpServer::parse(text)
            .map_err(|error| format!("be a URL such as smtps://USER:PASSWORD@HOST or smtp://HOST:587: {error}"))
    })?;
    if server.is_none() && profile.is_production() {
        return Err(reader.refuse("mail.smtp_url", "be set in production: without it nobody gets any mail"));
    }
    Ok(server)
}

fn sender(reader: &mut Reader, profile: Profile, brand: &BrandName) -> Result<Sender, Noted> {
    match reader.optional("mail.from", parse_sender)? {
        Some(sender) => Ok(sender),
        None if profile.is_production() => Err(reader.refuse("mail.from", "be set in production")),
        None => {
            let text = format!("{} <{NOBODY}>", brand.as_str());
            reader.derive("mail.from", &text);
            parse_sender(&text).map_err(|demand| reader.refuse("mail.from", &demand))
        }
    }
}

fn parse_sender(text: &str) -> Result<Sender, Demand> {
    Sender::parse(text)
        .map_err(|_| "be an address such as accounts@example.com or Example <accounts@example.com>".to_owned())
}
