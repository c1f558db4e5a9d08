//! A letter as the bytes that travel.

use std::time::SystemTime;

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
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
            .multipart(
                MultiPart::builder()
                    .kind(MultiPartKind::Alternative)
                    .boundary(format!("rookery-{}", envelope.id))
                    .singlepart(SinglePart::plain(rendered.text))
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
