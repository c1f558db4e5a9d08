//! A mail with a one-time token in it.

use rookery_domain::{MailedCode, Timestamp, TokenPurpose};

use crate::ports::{Addressee, NewToken, OutgoingMail, PortError};
use crate::{Letter, Mint, PostRoom};

/// A token and the mail that carries it; for nobody, both are empty gestures of the same cost.
pub(crate) struct TokenMail {
    pub(crate) token: NewToken,
    pub(crate) mail: OutgoingMail,
}

impl TokenMail {
    /// `letter` words the mail around the link, the code beside it where the purpose has one, and the moment both end.
    pub(crate) fn write(
        mint: &Mint,
        post_room: &PostRoom,
        purpose: TokenPurpose,
        to: Addressee,
        at: Timestamp,
        letter: impl FnOnce(String, Option<String>, Timestamp) -> Letter,
    ) -> Result<Self, PortError> {
        Self::write_until(mint, post_room, (purpose, at + purpose.life()), to, at, letter)
    }

    /// As [`write`](Self::write), for a token that ends at another moment than is usual.
    pub(crate) fn write_until(
        mint: &Mint,
        post_room: &PostRoom,
        (purpose, expires): (TokenPurpose, Timestamp),
        to: Addressee,
        at: Timestamp,
        letter: impl FnOnce(String, Option<String>, Timestamp) -> Letter,
    ) -> Result<Self, PortError> {
        let secret = mint.one_time_token(purpose);
        let code = purpose.has_code().then(|| mint.mailed_code());
        let link = post_room.links().token_page(&secret);
        let letter = letter(link, code.as_ref().map(MailedCode::expose), expires);
        let token = NewToken {
            id: mint.token_id(at),
            purpose,
            digest: secret.digest(),
            code: code.map(|code| post_room.codes().kept(purpose, &code)),
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
