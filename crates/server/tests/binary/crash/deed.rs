//! Something a client does while the server dies, and what must be true of it afterwards.

use crate::binary::client::{Answer, Client, Lost};

/// Something done over and over under load.
pub(super) trait Deed: Send {
    /// Brings it about that there is something to do. The server is well.
    fn prepare(&mut self, client: &Client);

    /// Does it once. The server may die meanwhile.
    fn once(&mut self, client: &Client) -> Step;

    /// Fails when something that was acknowledged is not there, or something is there by half. The server is well again,
    /// and no mail is queued.
    fn check(&mut self, client: &Client);

    /// Whether the check reads mail.
    fn reads_mail(&self) -> bool {
        false
    }
}

/// What one deed came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It was done.
    Acknowledged,
    /// It was done or not.
    Unknown,
    /// There is nothing more to do until the next preparation.
    Over,
}

impl Step {
    /// What an answer says. A server that dies may not answer, and one whose database dies may say so: nothing else.
    pub(super) fn of(attempt: Result<Answer, Lost>, good: u16) -> (Self, Option<Answer>) {
        match attempt {
            Ok(answer) if answer.status == good => (Self::Acknowledged, Some(answer)),
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", answer.text());
                (Self::Unknown, None)
            }
            Err(Lost(_)) => (Self::Unknown, None),
        }
    }
}
