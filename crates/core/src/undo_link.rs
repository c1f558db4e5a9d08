//! The link by which the owner takes a change back.

use rookery_domain::{EmailAddress, Timestamp, TokenPurpose, UserId};

use crate::ports::{NewUndo, UndoKind};
use crate::{Mint, PostRoom};

/// A link for the mail that tells of a change, and the way back to keep in the change's transaction.
pub(crate) struct UndoLink {
    /// The page that undoes, with the token in it.
    pub(crate) link: String,
    /// To be kept before anything is changed.
    pub(crate) undo: NewUndo,
}

impl UndoLink {
    /// For a change of `user`'s account at `at`, to be mailed to `email`: the address before the change.
    pub(crate) fn make(
        mint: &Mint,
        post_room: &PostRoom,
        kind: UndoKind,
        (user, email): (UserId, &EmailAddress),
        at: Timestamp,
    ) -> Self {
        let secret = mint.one_time_token(TokenPurpose::Undo);
        Self {
            link: post_room.links().token_page(&secret),
            undo: NewUndo {
                id: mint.undo_id(at),
                user,
                email: email.clone(),
                digest: secret.digest(),
                kind,
                created: at,
                expires: at + TokenPurpose::Undo.life(),
            },
        }
    }
}
