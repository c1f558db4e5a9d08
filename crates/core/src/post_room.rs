//! Turns letters into mails that can be queued: sealed, named, dated.

use std::sync::Arc;

use chrono::Duration;
use rookery_domain::{OneTimeToken, Timestamp, TokenPurpose};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::ports::{Addressee, OutgoingMail, PortError, Sealer};
use crate::{Letter, MailedCodes, Mint, Reader};

/// How long a letter without a deadline of its own is worth delivering.
const NOTICE_LIFE: Duration = Duration::hours(24);

/// The pages mails lead to, all below the configured public URL: no header a client sends can move them.
#[derive(Clone, Debug)]
pub struct Links {
    public_url: Url,
}

impl Links {
    /// Links below this URL.
    #[must_use]
    pub const fn new(public_url: Url) -> Self {
        Self { public_url }
    }

    /// The page on which a token is used up. Opening it changes nothing; only what is posted from it does.
    #[must_use]
    pub fn token_page(&self, token: &OneTimeToken) -> String {
        let mut url = self.page(match token.purpose() {
            TokenPurpose::EmailVerification => "verify-email",
            TokenPurpose::PasswordReset => "reset-password",
            TokenPurpose::EmailChange => "confirm-email",
            TokenPurpose::Unlock => "unlock",
            TokenPurpose::Undo => "undo",
            TokenPurpose::KeepAccount => "keep-account",
            TokenPurpose::Invitation => "invitation",
        });
        url.query_pairs_mut().append_pair("token", &token.expose());
        url.into()
    }

    /// The page on which a reset mail is asked for.
    #[must_use]
    pub fn forgot_password(&self) -> String {
        self.page("forgot-password").into()
    }

    /// The page on which somebody sees what is kept about them, and fetches a copy of it.
    #[must_use]
    pub fn privacy_settings(&self) -> String {
        let mut url = self.page("settings");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push("privacy");
        }
        url.into()
    }

    /// The front page.
    #[must_use]
    pub fn home(&self) -> String {
        self.page("").into()
    }

    fn page(&self, path: &str) -> Url {
        let mut url = self.public_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(path);
        }
        url
    }
}

/// A letter and how whoever gets it reads: what is sealed.
pub(crate) struct AddressedLetter {
    pub(crate) letter: Letter,
    pub(crate) reader: Reader,
}

/// The letter's own fields and two more, so that letters which waited before there were languages still open, and nodes of
/// then still read what is written now.
#[derive(Serialize, Deserialize)]
struct Written<L> {
    #[serde(flatten)]
    letter: L,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    time_zone: Option<String>,
}

impl AddressedLetter {
    fn to_bytes(letter: &Letter, reader: Reader) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Written {
            letter,
            language: Some(reader.language.to_string()),
            time_zone: Some(reader.time_zone.to_string()),
        })
    }

    /// What was sealed, whenever that was.
    pub(crate) fn from_bytes(plain: &[u8]) -> serde_json::Result<Self> {
        let written: Written<Letter> = serde_json::from_slice(plain)?;
        Ok(Self {
            letter: written.letter,
            reader: Reader::told(written.language.as_deref(), written.time_zone.as_deref()),
        })
    }
}

/// Writes mails.
#[derive(Clone)]
pub struct PostRoom {
    mint: Mint,
    sealer: Arc<dyn Sealer>,
    links: Links,
    codes: MailedCodes,
}

impl PostRoom {
    /// A post room with these tools.
    #[must_use]
    pub fn new(mint: Mint, sealer: Arc<dyn Sealer>, links: Links, codes: MailedCodes) -> Self {
        Self {
            mint,
            sealer,
            links,
            codes,
        }
    }

    /// Where links lead.
    #[must_use]
    pub const fn links(&self) -> &Links {
        &self.links
    }

    /// What is kept of the codes beside links.
    #[must_use]
    pub const fn codes(&self) -> &MailedCodes {
        &self.codes
    }

    /// Seals a letter for its envelope, in the language of whoever it is for.
    ///
    /// # Errors
    /// [`PortError`] when it cannot be sealed.
    pub fn write(&self, letter: &Letter, to: Addressee, at: Timestamp) -> Result<OutgoingMail, PortError> {
        let id = self.mint.mail_id(at);
        let plain =
            AddressedLetter::to_bytes(letter, to.reader()).map_err(|error| PortError::broken("letter.write", error))?;
        let sealed = self.sealer.seal(&plain, &id.to_string())?;
        let expires = letter.expires().unwrap_or(at + NOTICE_LIFE);
        Ok(OutgoingMail {
            id,
            kind: letter.kind(),
            to,
            sealed,
            created: at,
            expires,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(url: &str) -> Links {
        Links::new(Url::parse(url).unwrap())
    }

    // Proves: ASVS 1.2.2
    #[test]
    fn links_stay_below_the_public_url_whatever_its_path() {
        let token = OneTimeToken::from_entropy(TokenPurpose::PasswordReset, [0; 32]);
        for (url, start) in [
            (
                "https://app.example.com",
                "https://app.example.com/reset-password?token=rst_AAAA",
            ),
            (
                "https://example.com/account/",
                "https://example.com/account/reset-password?token=rst_AAAA",
            ),
            (
                "https://example.com/account",
                "https://example.com/account/reset-password?token=rst_AAAA",
            ),
        ] {
            assert!(
                links(url).token_page(&token).starts_with(start),
                "{}",
                links(url).token_page(&token)
            );
        }
    }

    #[test]
    fn a_letter_keeps_how_it_is_read_and_every_word_of_its_own() {
        let letter = Letter::RecoveryCodesLow {
            name: Some("Ada".to_owned()),
            at: Timestamp::from_timestamp(1_761_566_400, 0).unwrap(),
            left: 2,
            home: "https://app.example.com/".to_owned(),
        };
        let reader = Reader::told(Some("es"), Some("Europe/Madrid"));
        let opened = AddressedLetter::from_bytes(&AddressedLetter::to_bytes(&letter, reader).unwrap()).unwrap();
        assert!(opened.letter == letter && opened.reader == reader);
    }

    #[test]
    fn a_letter_that_waited_before_there_were_languages_is_read_in_english() {
        let sealed_then = br#"{"kind":"welcome","name":null,"home":"https://app.example.com/"}"#;
        let opened = AddressedLetter::from_bytes(sealed_then).unwrap();
        assert_eq!(opened.letter.kind().as_str(), "welcome");
        assert_eq!(opened.reader, Reader::default());
    }

    #[test]
    fn a_node_that_knows_no_languages_opens_what_is_written_now() {
        let letter = Letter::Welcome {
            name: None,
            home: "https://app.example.com/".to_owned(),
        };
        let written = AddressedLetter::to_bytes(&letter, Reader::told(Some("es"), None)).unwrap();
        assert!(serde_json::from_slice::<Letter>(&written).unwrap() == letter);
    }

    #[test]
    fn the_page_about_privacy_is_below_the_public_url() {
        let page = links("https://example.com/account/").privacy_settings();
        assert_eq!(page, "https://example.com/account/settings/privacy");
    }

    #[test]
    fn the_front_page_is_the_public_url() {
        assert_eq!(links("https://app.example.com").home(), "https://app.example.com/");
    }
}
