//! Pages for developers: the mails the service would send, and every mail there is. Whoever sees the first can take over any account,
//! so they are mounted only where no mail server is configured, which production refuses.

mod html;
mod mailbox;
mod mails;

pub(crate) use mailbox::mailbox_page;
pub(crate) use mails::mails_page;
