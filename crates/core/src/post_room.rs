//! Turns letters into mails that can be queued: sealed, named, dated.

use std::sync::Arc;

use chrono::Duration;
use rookery_domain::{OneTimeToken, Timestamp, TokenPurpose};
use url::Url;

use crate::ports::{Addressee, OutgoingMail, PortError, Sealer};
use crate::{Letter, MailedCodes, Mint};

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
        });
        url.query_pairs_mut().append_pair("token", &token.expose());
        url.into()
    }

    /// The page on which a reset mail is asked for.
    #[must_use]
    pub fn forgot_password(&self) -> String {
        self.page("forgot-password").into()
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

    /// Seals a letter for its envelope.
    ///
    /// # Errors
    /// [`PortError`] when it cannot be sealed.
    pub fn write(&self, letter: &Letter, to: Addressee, at: Timestamp) -> Result<OutgoingMail, PortError> {
        let id = self.mint.mail_id(at);
        let plain = serde_json::to_vec(letter).map_err(|error| PortError::broken("letter.write", error))?;
        let sealed = self.sealer.seal(&plain, &id.to_string())?;
        let expires = match letter {
            Letter::VerifyEmail { expires, .. }
            | Letter::ResetPassword { expires, .. }
            | Letter::PasswordChanged { expires, .. }
            | Letter::ConfirmNewEmail { expires, .. }
            | Letter::EmailChanged { expires, .. }
            | Letter::AccountLocked { expires, .. }
            | Letter::NewDevice { expires, .. }
            | Letter::SecondFactorChanged { expires, .. }
            | Letter::ChangeUndone { expires, .. } => *expires,
            Letter::RecoveryCodesLow { .. }
            | Letter::EmailChangeRequested { .. }
            | Letter::NewEmailConfirmed { .. }
            | Letter::AlreadyRegistered { .. }
            | Letter::Welcome { .. } => at + NOTICE_LIFE,
        };
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
    fn the_front_page_is_the_public_url() {
        assert_eq!(links("https://app.example.com").home(), "https://app.example.com/");
    }
}
