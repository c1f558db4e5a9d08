//! What signing in has the owner told by mail.

use rookery_domain::device::Device;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Timestamp, TokenPurpose};

use crate::ports::{Addressee, Credential, NewUndo, OutgoingMail, PortError, TokenIssue, UndoKind};
use crate::token_mail::TokenMail;
use crate::undo_link::UndoLink;
use crate::{AuditEvent, Letter, Mint, PostRoom};

/// The mail about a sign-in from an unknown device, and the way back it holds.
pub(super) struct NewDeviceNotice {
    pub(super) mail: OutgoingMail,
    pub(super) undo: NewUndo,
}

impl NewDeviceNotice {
    pub(super) fn write(
        mint: &Mint,
        post_room: &PostRoom,
        person: &Credential,
        caller: &Caller,
        at: Timestamp,
    ) -> Result<Self, PortError> {
        let UndoLink { link, undo } =
            UndoLink::make(mint, post_room, UndoKind::NewDevice, (person.user, &person.email), at);
        let letter = Letter::NewDevice {
            name: person.name.clone(),
            at,
            device: Device::calling_itself(caller.user_agent.as_deref().unwrap_or_default()).to_string(),
            address: caller.address.map(|address| address.to_string()),
            undo: link,
            expires: undo.expires,
        };
        Ok(Self {
            mail: post_room.write(&letter, person.addressee(), at)?,
            undo,
        })
    }
}

/// The mail about a lock, with the token that lifts it. For an address that is nobody's, or an account that is shut, it
/// is the same token and the same mail for nobody.
pub(super) fn lock_mail(
    mint: &Mint,
    post_room: &PostRoom,
    known: Option<&Credential>,
    caller: &Caller,
) -> Result<TokenIssue, PortError> {
    let at = mint.now();
    let person = known.filter(|person| !person.is_shut(at));
    let to = person.map_or(Addressee::Nobody, Credential::addressee);
    let name = person.and_then(|person| person.name.clone());
    let TokenMail { token, mail } =
        TokenMail::write(mint, post_room, TokenPurpose::Unlock, to, at, |link, _, expires| {
            Letter::AccountLocked {
                name,
                at,
                link,
                expires,
            }
        })?;
    let event = AuditEvent {
        user: known.map(|person| person.user),
        ..mint.event(at, AuditAction::Locked, AuditOutcome::Success, caller)
    };
    Ok(TokenIssue { token, mail, event })
}
