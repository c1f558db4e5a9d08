//! The letters of Rookery: their words, the way to a mail server, and a mailbox for development.
//!
//! A [`Letter`](rookery_core::Letter) is facts; [`Templates`] make a subject, a text and an HTML page of it, in the language of
//! whoever reads it. Two adapters of the port [`Mailer`](rookery_core::ports::Mailer) take it from there: [`SmtpMailer`] hands it to
//! a mail server, [`DevMailbox`] keeps it in memory for people who are building something.
//!
//! Letters hold links that open accounts, so nothing here logs one, and no error repeats what stands in one.

mod brand;
mod dev_mailbox;
mod salutation;
mod samples;
mod smtp;
mod templates;

pub use brand::Brand;
pub use dev_mailbox::{DevMailbox, StoredLetter};
pub use samples::{Sample, samples};
pub use smtp::{InvalidSender, InvalidSmtpUrl, Security, Sender, SmtpMailer, SmtpServer};
pub use templates::{RenderError, Rendered, TemplateError, Templates};
