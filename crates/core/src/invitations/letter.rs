//! The mail that invites.

use rookery_domain::{EmailAddress, OneTimeToken, Timestamp, TokenDigest, TokenPurpose};

use crate::ports::{Addressee, OutgoingMail, PortError, SignedIn};
use crate::{Letter, Mint, PostRoom, Reader};

/// A mail that invites, and what is kept of its token.
pub(super) struct InvitationMail {
    pub(super) digest: TokenDigest,
    pub(super) mail: OutgoingMail,
    pub(super) expires: Timestamp,
}

impl InvitationMail {
    /// To a mailbox, and never to an account: the queue tells nobody which of the two it was.
    pub(super) fn write(
        (mint, post_room): (&Mint, &PostRoom),
        inviter: &SignedIn,
        tenant: &str,
        (email, reader): (&EmailAddress, Reader),
        note: Option<&str>,
        at: Timestamp,
    ) -> Result<Self, PortError> {
        let token: OneTimeToken = mint.one_time_token(TokenPurpose::Invitation);
        let expires = at + TokenPurpose::Invitation.life();
        let letter = Letter::Invitation {
            tenant: tenant.to_owned(),
            inviter_name: inviter.profile.name.clone(),
            inviter_email: inviter.profile.email.to_string(),
            note: note.map(str::to_owned),
            link: post_room.links().token_page(&token),
            expires,
        };
        let to = Addressee::Mailbox {
            email: email.clone(),
            reader,
        };
        Ok(Self {
            digest: token.digest(),
            mail: post_room.write(&letter, to, at)?,
            expires,
        })
    }
}
