//! Who letters come from.

use std::fmt;
use std::str::FromStr;

use lettre::Address;
use lettre::message::Mailbox;
use thiserror::Error;

/// The sender of every letter: `Rookery <no-reply@example.com>`, or the address alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// The text is no sender.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a sender is written as `Name <address@example.com>` or `address@example.com`")]
pub struct InvalidSender;

impl Sender {
    /// Parses a sender. The address is ASCII; the name may be anything on one line.
    ///
    /// # Errors
    /// [`InvalidSender`] for anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidSender> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(text) => text.rsplit_once('<').ok_or(InvalidSender)?,
            None => ("", text),
        };
        let name = name.trim();
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        let address: Address = address.parse().map_err(|_| InvalidSender)?;
        if !address.to_string().is_ascii() || name.chars().any(char::is_control) {
            return Err(InvalidSender);
        }
        let name = (!name.is_empty()).then(|| name.to_owned());
        Ok(Self(Mailbox::new(name, address)))
    }

    pub(super) const fn mailbox(&self) -> &Mailbox {
        &self.0
    }

    pub(super) const fn address(&self) -> &Address {
        &self.0.email
    }

    /// The host of the address: it names this client to the server, and messages in the world.
    pub(super) fn host(&self) -> &str {
        self.0.email.domain()
    }
}

impl FromStr for Sender {
    type Err = InvalidSender;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sender({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_has_an_address_and_perhaps_a_name() {
        for (text, printed, host) in [
            ("no-reply@example.com", "no-reply@example.com", "example.com"),
            (
                "Rookery <no-reply@example.com>",
                "Rookery <no-reply@example.com>",
                "example.com",
            ),
            ("\"Rookery\" <a@localhost>", "Rookery <a@localhost>", "localhost"),
            (
                "Müller, Post & Co <a@example.com>",
                "\"Müller, Post & Co\" <a@example.com>",
                "example.com",
            ),
            ("  <a@example.com> ", "a@example.com", "example.com"),
        ] {
            let sender = Sender::parse(text).unwrap();
            assert_eq!((sender.to_string().as_str(), sender.host()), (printed, host));
        }
    }

    #[test]
    fn what_is_no_sender_is_refused() {
        for text in [
            "",
            "Rookery",
            "Rookery <>",
            "Rookery no-reply@example.com",
            "a@example.com, b@example.com",
            "Rookery <a@example.com> x",
            "Rookery a@example.com>",
            "Rook\r\nBcc: eve@example.com <a@example.com>",
            "a@bücher.example",
            "a@example.com\r\nRCPT TO:<eve@example.com>",
        ] {
            assert_eq!(Sender::parse(text), Err(InvalidSender), "{text:?}");
        }
    }
}
