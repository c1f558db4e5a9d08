//! A mail as the person it is for reads it.

use rookery_testkit::smtp::ReceivedMail;

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Mail(ReceivedMail);

impl From<ReceivedMail> for Mail {
    fn from(mail: ReceivedMail) -> Self {
        Self(mail)
    }
}

impl Mail {
    /// The content of a maildir's file. Who it was for stands in a header of the server's.
    pub(crate) fn in_maildir(bytes: &[u8]) -> Self {
        let mut mail = ReceivedMail {
            from: String::new(),
            to: Vec::new(),
            raw: String::from_utf8_lossy(bytes)
                .replace("\r\n", "\n")
                .replace('\n', "\r\n")
                .into_bytes(),
            encrypted: false,
            signed_in: None,
            answer: Some(250),
        };
        mail.to = mail.header("X-RcptTo").into_iter().collect();
        Self(mail)
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.0.header(name)
    }

    /// Whom the envelope named.
    pub(crate) fn recipient(&self) -> &str {
        self.0.to.first().map_or("", String::as_str)
    }

    /// Its `Message-ID`.
    pub(crate) fn id(&self) -> String {
        self.header("Message-ID").unwrap()
    }

    pub(crate) fn text(&self) -> String {
        self.0.text()
    }

    pub(crate) fn html(&self) -> String {
        self.0.html()
    }

    /// Whether its subject or its text has these words in it, whatever their case.
    pub(crate) fn is_about(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        self.0.subject().to_lowercase().contains(&words) || self.text().to_lowercase().contains(&words)
    }

    /// The link with a token in it.
    pub(crate) fn link(&self) -> Option<String> {
        self.0.links().into_iter().find(|link| link.contains("token="))
    }

    /// The token in that link.
    #[track_caller]
    pub(crate) fn token(&self) -> String {
        self.0
            .token()
            .unwrap_or_else(|| panic!("no token in {:?}", self.text()))
    }
}
