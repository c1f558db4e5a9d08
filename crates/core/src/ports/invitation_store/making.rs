//! Making an invitation, mailing it again, taking it back: decided values, and what became of them.

use rookery_domain::{EmailAddress, InvitationId, InvitationNote, Roles, TenantId, Timestamp, TokenDigest};

use crate::ports::{OutgoingMail, Standing};
use crate::{AuditEvent, Reader};

/// What is known of an address somebody is to be invited at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prospect {
    /// Whether whoever has it belongs to the tenant.
    pub is_member: bool,
    /// How they read what is written to them, if they have said so.
    pub reader: Option<Reader>,
}

/// An invitation to be made, decided. Either all of it is there afterwards or none: the invitation, the digest of its
/// token, the mail and the event. One to the same address that has expired makes room for it.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// Into which tenant.
    pub tenant: TenantId,
    /// Who invites.
    pub by: Standing,
    /// Where it is mailed to.
    pub email: EmailAddress,
    /// What whoever accepts it may do.
    pub roles: Roles,
    /// What is written to them.
    pub note: Option<InvitationNote>,
    /// The digest of its token.
    pub digest: TokenDigest,
    /// The mail with the token.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
    /// When its link ends.
    pub expires: Timestamp,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitingOutcome {
    /// It is there.
    Invited,
    /// Whoever has the address belongs to the tenant; nothing was written.
    AlreadyMember,
    /// Another invitation to this address waits; nothing was written.
    AlreadyInvited,
    /// Whoever invites is not what they were when it was decided; nothing was written.
    Outdated,
}

/// An invitation is mailed again, decided. Afterwards its link is the new one alone and lives anew, whoever mailed it stands for
/// it, the mail is queued and the event is written.
#[derive(Clone, Debug)]
pub struct InvitationResending {
    /// Which.
    pub invitation: InvitationId,
    /// Into which tenant.
    pub tenant: TenantId,
    /// Who has it mailed again.
    pub by: Standing,
    /// The digest of the new token.
    pub digest: TokenDigest,
    /// The mail with the token.
    pub mail: OutgoingMail,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
    /// When the new link ends.
    pub expires: Timestamp,
}

/// An invitation is taken back, decided. Afterwards its link does not work and the event is written.
#[derive(Clone, Debug)]
pub struct InvitationRevocation {
    /// Which.
    pub invitation: InvitationId,
    /// Into which tenant.
    pub tenant: TenantId,
    /// Who takes it back.
    pub by: Standing,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// What became of a change of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationOutcome {
    /// It is as decided.
    Changed,
    /// It has been answered, taken back or replaced before; nothing was written.
    Settled,
    /// Whoever asks is not what they were when it was decided; nothing was written.
    Outdated,
}
