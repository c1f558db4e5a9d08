//! A real SMTP server, and the letter boxes behind it.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::folder::Folder;
use super::mail::Mail;
use super::patience::{eventually, within};
use super::rookery::free_port;

const START: Duration = Duration::from_secs(20);
/// Longest a test waits for a mail.
const DELIVERY: Duration = Duration::from_secs(20);

/// `aiosmtpd`, which puts what it is given into a maildir. Killed when it is dropped.
#[derive(Debug)]
pub(crate) struct MailServer {
    process: Child,
    port: u16,
    folder: Folder,
}

impl MailServer {
    /// Starts one on a free port and waits until it answers.
    pub(crate) fn start() -> Self {
        Self::start_on(free_port())
    }

    /// Starts one on this port and waits until it answers.
    ///
    /// # Panics
    /// When it is not installed.
    pub(crate) fn start_on(port: u16) -> Self {
        let folder = Folder::new("maildir");
        let process = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l"])
            .arg(format!("127.0.0.1:{port}"))
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("/usr/bin/python3 does not run ({error}): scripts/test installs it"));
        let mut server = Self { process, port, folder };
        let up = within(START, || match server.process.try_wait().unwrap() {
            Some(_) => Some(false),
            None => TcpStream::connect(("127.0.0.1", port)).is_ok().then_some(true),
        });
        assert_eq!(
            up,
            Some(true),
            "aiosmtpd does not start: scripts/test installs python3-aiosmtpd"
        );
        server
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Every mail there is, the oldest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let arrived: PathBuf = self.folder.path().join("mail/new");
        let entries = std::fs::read_dir(arrived).into_iter().flatten().flatten();
        let mut mails: Vec<Mail> = entries
            .map(|entry| Mail::in_maildir(&std::fs::read(entry.path()).unwrap()))
            .collect();
        // Ids are UUIDv7: they sort by the time of writing.
        mails.sort_by_cached_key(Mail::id);
        mails
    }

    /// The mails to this address, the oldest first.
    pub(crate) fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails()
            .into_iter()
            .filter(|mail| mail.recipient() == address)
            .collect()
    }

    /// The newest mail to this address whose subject or text has these words in it, when it has arrived.
    #[track_caller]
    pub(crate) fn mail_about(&self, address: &str, words: &str) -> Mail {
        eventually(DELIVERY, &format!("a mail to {address} about {words:?}"), || {
            self.mails_to(address)
                .into_iter()
                .rev()
                .find(|mail| mail.is_about(words))
        })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
