//! Answering an invitation: decided values, and what became of them.

use rookery_domain::{
    DisplayName, EmailAddress, FamilyName, GivenName, InvitationId, PasswordHash, Preferences, Roles, SessionId,
    TenantId, Timestamp, TokenDigest, UserId,
};

use crate::AuditEvent;
use crate::ports::{OutgoingMail, SignIn, Standing};

/// Somebody with an account accepts an invitation, decided. Afterwards the invitation is accepted, they belong to the tenant
/// with its roles (anew, if they did once), the mails are queued and the events are written. If nobody had proved that the
/// address is theirs, it is verified, and whoever else is signed in to the account, or holds a token of it, is so no more.
///
/// It rests on the invitation being pending under this token, on the inviter being what they were, and on the person having its
/// address.
#[derive(Clone, Debug)]
pub struct InvitationAcceptance {
    /// Which.
    pub invitation: InvitationId,
    /// The token shown.
    pub digest: TokenDigest,
    /// Into which tenant.
    pub tenant: TenantId,
    /// Who stands for it.
    pub inviter: Standing,
    /// Who accepts.
    pub user: UserId,
    /// The session they do it in.
    pub session: SessionId,
    /// What they may do from now on.
    pub roles: Roles,
    /// Whether it proves that the address is theirs. When that has been done meanwhile, it is decided anew.
    pub verifies: bool,
    /// The mails that tell of it.
    pub mails: Vec<OutgoingMail>,
    /// The events.
    pub events: Vec<AuditEvent>,
    /// When.
    pub at: Timestamp,
}

/// Somebody without a proved account accepts an invitation, decided. Afterwards the invitation is accepted, the account is there
/// with a verified address and belongs to the tenant, the session is open, the mails are queued and the events are written.
///
/// An account that somebody has made with the address and never proved to be theirs becomes this person's: its password, sessions,
/// browsers, factors, tokens, ways back, picture, copies of its data, names and preferences are gone before, and so is a deletion
/// that waited; tenants that were to close with it are open again.
#[derive(Clone, Debug)]
pub struct InvitationEnrolment {
    /// Which.
    pub invitation: InvitationId,
    /// The token shown.
    pub digest: TokenDigest,
    /// Into which tenant.
    pub tenant: TenantId,
    /// Who stands for it.
    pub inviter: Standing,
    /// What they may do from now on.
    pub roles: Roles,
    /// The person.
    pub newcomer: Newcomer,
    /// Their first session. It rests on the version that their credential has afterwards.
    pub sign_in: SignIn,
    /// The mails that tell of it.
    pub mails: Vec<OutgoingMail>,
    /// The events.
    pub events: Vec<AuditEvent>,
    /// When.
    pub at: Timestamp,
}

/// Who enrols.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The person's id.
    pub user: UserId,
    /// Whether an account of that id is there, made by somebody who has not proved the address to be theirs.
    pub reclaims: bool,
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<DisplayName>,
    /// First name or names.
    pub given_name: Option<GivenName>,
    /// Last name or names.
    pub family_name: Option<FamilyName>,
    /// The hash of the password they chose.
    pub password_hash: PasswordHash,
    /// A whole row of preferences, when they named a language or a time zone.
    pub preferences: Option<Preferences>,
}

/// Whoever was invited does not want to join, decided. Afterwards the invitation is declined and the event is written.
#[derive(Clone, Debug)]
pub struct InvitationDeclining {
    /// Which.
    pub invitation: InvitationId,
    /// The token shown.
    pub digest: TokenDigest,
    /// The event.
    pub event: AuditEvent,
    /// When.
    pub at: Timestamp,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinOutcome {
    /// It counts.
    Joined,
    /// They belong to the tenant already; nothing was written.
    AlreadyMember,
    /// The address is kept for somebody who may still undo a change of it; nothing was written.
    AddressReserved,
    /// Something is not what it was when it was decided; nothing was written.
    Outdated,
}
