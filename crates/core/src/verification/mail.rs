//! The mail with a verification token in it.

use chrono::Duration;
use rookery_domain::{Timestamp, TokenPurpose};

use crate::ports::{Addressee, NewToken, OutgoingMail, PortError};
use crate::{Letter, Mint, PostRoom};

/// How long a verification link is good.
pub(crate) const LIFE: Duration = Duration::hours(24);

/// A token and the mail that carries it; for nobody, both are empty gestures of the same cost.
pub(crate) struct VerificationMail {
    pub(crate) token: NewToken,
    pub(crate) mail: OutgoingMail,
}

impl VerificationMail {
    pub(crate) fn write(
        mint: &Mint,
        post_room: &PostRoom,
        to: Addressee,
        name: Option<&str>,
        at: Timestamp,
    ) -> Result<Self, PortError> {
        let secret = mint.one_time_token(TokenPurpose::EmailVerification);
        let expires = at + LIFE;
        let letter = Letter::VerifyEmail {
            name: name.map(str::to_owned),
            link: post_room.links().token_page(&secret),
            expires,
        };
        let token = NewToken {
            id: mint.token_id(at),
            purpose: secret.purpose(),
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
