//! A mail with a one-time token in it.

use rookery_domain::{Timestamp, TokenPurpose};

use crate::ports::{Addressee, NewToken, OutgoingMail, PortError};
use crate::{Letter, Mint, PostRoom};

/// A token and the mail that carries it; for nobody, both are empty gestures of the same cost.
pub(crate) struct TokenMail {
    pub(crate) token: NewToken,
    pub(crate) mail: OutgoingMail,
}

impl TokenMail {
    /// `letter` words the mail around the link and the moment the link ends.
    pub(crate) fn write(
        mint: &Mint,
        post_room: &PostRoom,
        purpose: TokenPurpose,
        to: Addressee,
        at: Timestamp,
        letter: impl FnOnce(String, Timestamp) -> Letter,
    ) -> Result<Self, PortError> {
        let secret = mint.one_time_token(purpose);
        let expires = at + purpose.life();
        let letter = letter(post_room.links().token_page(&secret), expires);
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
