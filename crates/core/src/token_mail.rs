//! A mail with a one-time token in it.

use chrono::Duration;
use rookery_domain::{Timestamp, TokenPurpose};

use crate::ports::{Addressee, NewToken, OutgoingMail, PortError};
use crate::{Letter, Mint, PostRoom};

/// A token and the mail that carries it; for nobody, both are empty gestures of the same cost.
pub(crate) struct TokenMail {
    pub(crate) token: NewToken,
    pub(crate) mail: OutgoingMail,
}

impl TokenMail {
    pub(crate) fn write(
        mint: &Mint,
        post_room: &PostRoom,
        purpose: TokenPurpose,
        to: Addressee,
        name: Option<String>,
        at: Timestamp,
    ) -> Result<Self, PortError> {
        let secret = mint.one_time_token(purpose);
        let expires = at + life(purpose);
        let link = post_room.links().token_page(&secret);
        let letter = match purpose {
            TokenPurpose::EmailVerification => Letter::VerifyEmail { name, link, expires },
            TokenPurpose::PasswordReset => Letter::ResetPassword { name, link, expires },
        };
        let token = NewToken {
            id: mint.token_id(at),
            purpose,
            digest: secret.digest(),
            owner: to.owner(),
            created: at,
            expires,
        };
        Ok(Self {
            token,
            mail: post_room.write(&letter, to, at)?,
        })
    }
}

/// How long a mailed link is good: a reset link opens the account, so it lives an hour; a verification link only says that
/// a mailbox is read.
fn life(purpose: TokenPurpose) -> Duration {
    match purpose {
        TokenPurpose::EmailVerification => Duration::hours(24),
        TokenPurpose::PasswordReset => Duration::hours(1),
    }
}
