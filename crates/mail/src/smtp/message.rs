//! A letter as the bytes that travel.

use std::error::Error;
use std::time::SystemTime;

use lettre::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use rookery_core::ports::{Envelope, MailerError};

use super::Sender;
use crate::Rendered;

/// A composed letter and its two addresses.
pub(super) struct OutgoingMessage {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) bytes: Vec<u8>,
}

impl OutgoingMessage {
    /// The same bytes for the same letter, however often it is sent.
    pub(super) fn compose(sender: &Sender, envelope: &Envelope, rendered: Rendered) -> Result<Self, MailerError> {
        // What cannot be composed now cannot be composed later.
        let impossible = |what: &str| MailerError::Permanent(format!("no message can be made of this letter: {what}"));
        let to: Address = envelope.to.as_str().parse().map_err(|_| impossible("the address"))?;
        let message = Message::builder()
            .from(sender.mailbox().clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(rendered.subject)
            .date(SystemTime::from(envelope.written))
            .message_id(Some(format!("<{}@{}>", envelope.id, sender.host())))
            // Holiday notices and the like must not answer (RFC 3834, section 5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            // For readers and for programs that read mail aloud (RFC 3282).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Content-Language"),
                rendered.language.to_string(),
            ))
            .multipart(
                MultiPart::builder()
                    .kind(MultiPartKind::Alternative)
                    .boundary(format!("rookery-{}", envelope.id))
                    .singlepart(flowed(rendered.text))
                    .singlepart(SinglePart::html(rendered.html)),
            )
            .map_err(|_| impossible("the headers"))?;
        Ok(Self {
            from: sender.address().clone(),
            to,
            bytes: message.formatted(),
        })
    }
}

/// The plain text, in lines that a mail program may join again (RFC 3676).
fn flowed(text: String) -> SinglePart {
    SinglePart::builder().header(FlowedText).body(text)
}

/// `Content-Type: text/plain; charset=utf-8; format=flowed`
#[derive(Clone)]
struct FlowedText;

impl Header for FlowedText {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Type")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "text/plain; charset=utf-8; format=flowed".to_owned())
    }
}
