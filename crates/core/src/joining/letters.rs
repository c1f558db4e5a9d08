//! What is told by mail once somebody has joined.

use rookery_domain::Timestamp;

use crate::ports::{Addressee, Holder, InvitationRecord, Inviter, OutgoingMail, PortError};
use crate::{Letter, PostRoom};

/// To whoever invited.
pub(super) fn to_inviter(
    post_room: &PostRoom,
    record: &InvitationRecord,
    inviter: &Inviter,
    at: Timestamp,
) -> Result<OutgoingMail, PortError> {
    let letter = Letter::InvitationAccepted {
        name: inviter.name.clone(),
        at,
        tenant: record.tenant_name.clone(),
        email: record.email.to_string(),
        home: post_room.links().home(),
    };
    let to = Addressee::Person {
        user: inviter.user,
        email: inviter.email.clone(),
        reader: record.inviter_reader,
    };
    post_room.write(&letter, to, at)
}

/// To whoever joined with the account they had.
pub(super) fn to_member(
    post_room: &PostRoom,
    record: &InvitationRecord,
    holder: &Holder,
    at: Timestamp,
) -> Result<OutgoingMail, PortError> {
    let letter = Letter::TenantJoined {
        name: holder.name.clone(),
        at,
        tenant: record.tenant_name.clone(),
        home: post_room.links().home(),
    };
    let to = Addressee::Person {
        user: holder.user,
        email: record.email.clone(),
        reader: holder.reader,
    };
    post_room.write(&letter, to, at)
}
