//! A letter as it arrived.

use mail_parser::{Message, MessageParser};

/// A letter as it arrived, envelope and bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// The message, dots unstuffed, lines ending in CRLF.
    pub raw: Vec<u8>,
    /// Whether it came over TLS.
    pub encrypted: bool,
    /// Who had signed in.
    pub signed_in: Option<String>,
    /// What the server answered: 250 if it took the responsibility, nothing if it was told to say nothing.
    pub answer: Option<u16>,
}

impl ReceivedMail {
    /// The value of a header, unfolded and decoded as text; the first if there are several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.message();
        let raw = message.header_raw(name.to_owned())?;
        Some(raw.trim().replace("\r\n", ""))
    }

    /// The subject, decoded.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn subject(&self) -> String {
        self.message().subject().expect("a subject").to_owned()
    }

    /// The plain text, decoded, with `\n` between lines.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn text(&self) -> String {
        self.message().body_text(0).expect("a plain text").replace("\r\n", "\n")
    }

    /// The HTML page, decoded, with `\n` between lines.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn html(&self) -> String {
        self.message().body_html(0).expect("an HTML page").replace("\r\n", "\n")
    }

    /// Every link of the plain text, in order.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        self.text()
            .split_whitespace()
            .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(str::to_owned)
            .collect()
    }

    /// The token in the first link that has one.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.links()
            .iter()
            .find_map(|link| link.split_once("token=").map(|(_, token)| token.to_owned()))
    }

    fn message(&self) -> Message<'_> {
        MessageParser::default()
            .parse(&self.raw)
            .expect("a message of RFC 5322")
    }
}
