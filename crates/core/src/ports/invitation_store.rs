//! Invitations into tenants: making them, finding them, answering them.

use async_trait::async_trait;
use rookery_domain::{
    DisplayName, EmailAddress, FamilyName, GivenName, InvitationId, InvitationNote, InvitationState, PasswordHash,
    Preferences, Role, Roles, SessionId, TenantId, TenantPolicy, Timestamp, TokenDigest, UserId,
};

use super::{OutgoingMail, PortError, SignIn, Standing};
use crate::{AuditEvent, Reader, authorize_invitation};

/// What is known of an address somebody is to be invited at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prospect {
    /// Whether whoever has it belongs to the tenant.
    pub is_member: bool,
    /// How they read what is written to them, if they have said so.
    pub reader: Option<Reader>,
}

/// Who invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inviter {
    /// Who.
    pub user: UserId,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// Their address.
    pub email: EmailAddress,
    /// What they may do in the tenant; nothing once they are no member any more.
    pub roles: Vec<Role>,
}

/// An invitation as whoever may invite sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where it was mailed to.
    pub email: EmailAddress,
    /// What whoever accepts it may do in the tenant.
    pub roles: Vec<Role>,
    /// What was written to them.
    pub note: Option<String>,
    /// Who stands for it, if they are still a member.
    pub inviter: Option<Inviter>,
    /// When it was made.
    pub created: Timestamp,
    /// When its link ends.
    pub expires: Timestamp,
    /// What became of it, as it is stored: [`Pending`](InvitationState::Pending) until something has.
    pub stored: InvitationState,
    /// When that happened.
    pub settled: Option<Timestamp>,
}

impl Invitation {
    /// What became of it by now.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> InvitationState {
        let inviter = self.inviter.as_ref();
        state(self.stored, self.expires, inviter, &self.roles, now)
    }

    /// Where it stands among the others.
    #[must_use]
    pub const fn position(&self) -> InvitationPosition {
        InvitationPosition {
            created: self.created,
            id: self.id,
        }
    }
}

/// An invitation nobody has answered is worth as much as the word of whoever stands for it, at every moment.
fn state(
    stored: InvitationState,
    expires: Timestamp,
    inviter: Option<&Inviter>,
    roles: &[Role],
    now: Timestamp,
) -> InvitationState {
    if stored != InvitationState::Pending {
        return stored;
    }
    let may = inviter.is_some_and(|inviter| authorize_invitation(&inviter.roles, roles).is_ok());
    match (expires <= now, may) {
        (true, _) => InvitationState::Expired,
        (false, false) => InvitationState::Void,
        (false, true) => InvitationState::Pending,
    }
}

/// Where an invitation stands among the others: no two stand at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InvitationPosition {
    /// When it was made.
    pub created: Timestamp,
    /// Which it is, among those of the same moment.
    pub id: InvitationId,
}

/// Which invitations, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationFilter {
    /// Only those of which this has become. That one is [void](InvitationState::Void) is not asked here: it is pending.
    pub state: Option<InvitationState>,
    /// Only those behind this place, that is, made earlier.
    pub behind: Option<InvitationPosition>,
    /// At most so many.
    pub limit: u32,
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

/// What is known of an invitation whose token somebody shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRecord {
    /// Its id.
    pub id: InvitationId,
    /// Whether the token is that of the newest mail.
    pub is_newest: bool,
    /// Into which tenant.
    pub tenant: TenantId,
    /// What the tenant is called.
    pub tenant_name: String,
    /// What it asks of its members.
    pub policy: Option<TenantPolicy>,
    /// Where it was mailed to.
    pub email: EmailAddress,
    /// What whoever accepts it may do.
    pub roles: Roles,
    /// What was written to them.
    pub note: Option<String>,
    /// Who stands for it; `None` when their account is shut or gone.
    pub inviter: Option<Inviter>,
    /// How they read what is written to them.
    pub inviter_reader: Reader,
    /// When its link ends.
    pub expires: Timestamp,
    /// What became of it, as it is stored.
    pub stored: InvitationState,
    /// Whose the address is.
    pub holder: Option<Holder>,
}

impl InvitationRecord {
    /// What became of it by now.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> InvitationState {
        let inviter = self.inviter.as_ref();
        state(self.stored, self.expires, inviter, self.roles.as_slice(), now)
    }
}

/// The account that has the address of an invitation, deleted ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub user: UserId,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// How they read what is written to them.
    pub reader: Reader,
    /// When they proved that they read the mailbox.
    pub email_verified: Option<Timestamp>,
    /// Whether an operator has shut the account, or it is deleted.
    pub is_closed: bool,
    /// The version of their credential, 0 without one.
    pub credential_version: i32,
    /// Whether they belong to the tenant.
    pub is_member: bool,
}

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
/// browsers, factors, tokens, ways back, picture, names and preferences are gone before.
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

/// Keeps invitations. Those into deleted tenants are not there.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait InvitationStore: Send + Sync {
    /// What is known of an address. One statement, whoever has it.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer.
    async fn prospect(&self, tenant: &TenantId, email: &EmailAddress) -> Result<Prospect, PortError>;

    /// Makes an invitation. Of several racing for one address in one tenant one is made. The same statements, whoever has the
    /// address.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn invite(&self, invitation: &NewInvitation) -> Result<InvitingOutcome, PortError>;

    /// Invitations of a tenant, for one who is a member at this moment, the newest first.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn list(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        filter: &InvitationFilter,
        now: &Timestamp,
    ) -> Result<Vec<Invitation>, PortError>;

    /// One invitation of a tenant, for one who is a member at this moment.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn find(
        &self,
        tenant: &TenantId,
        reader: &UserId,
        invitation: &InvitationId,
    ) -> Result<Option<Invitation>, PortError>;

    /// Mails an invitation again.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn resend(&self, resending: &InvitationResending) -> Result<InvitationOutcome, PortError>;

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn revoke(&self, revocation: &InvitationRevocation) -> Result<InvitationOutcome, PortError>;

    /// The invitation that was mailed with this token, the newest mail or an older one, whatever became of it. Changes nothing.
    ///
    /// # Errors
    /// [`PortError`] when the store does not answer, or a row makes no sense.
    async fn by_token(&self, digest: &TokenDigest) -> Result<Option<InvitationRecord>, PortError>;

    /// Accepts an invitation for somebody with an account. Of several answers at once one counts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn accept(&self, acceptance: &InvitationAcceptance) -> Result<JoinOutcome, PortError>;

    /// Accepts an invitation for somebody without a proved account. Of several answers at once one counts.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn enrol(&self, enrolment: &InvitationEnrolment) -> Result<JoinOutcome, PortError>;

    /// Declines an invitation. `false` when it was not pending under this token any more; nothing was written then.
    ///
    /// # Errors
    /// [`PortError`]; then nothing was written.
    async fn decline(&self, declining: &InvitationDeclining) -> Result<bool, PortError>;
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::fixture::{Workshop, email, user};

    #[test]
    fn an_invitation_is_worth_what_the_word_of_its_inviter_is_worth_now() {
        let now = Workshop::open().now();
        let inviter = |roles: &[Role]| {
            Some(Inviter {
                user: user(),
                name: None,
                email: email(),
                roles: roles.to_vec(),
            })
        };
        let to = |roles: &[Role], inviter: Option<Inviter>| {
            let expires = now + Duration::days(1);
            state(InvitationState::Pending, expires, inviter.as_ref(), roles, now)
        };
        assert_eq!(to(&[Role::Owner], inviter(&[Role::Owner])), InvitationState::Pending);
        assert_eq!(to(&[Role::Admin], inviter(&[Role::Admin])), InvitationState::Pending);
        assert_eq!(to(&[Role::Owner], inviter(&[Role::Admin])), InvitationState::Void);
        assert_eq!(to(&[Role::Viewer], inviter(&[Role::Member])), InvitationState::Void);
        assert_eq!(to(&[Role::Viewer], inviter(&[])), InvitationState::Void);
        assert_eq!(to(&[Role::Viewer], None), InvitationState::Void);
        let expired = state(InvitationState::Pending, now, None, &[], now);
        assert_eq!(expired, InvitationState::Expired);
        for &settled in &[
            InvitationState::Accepted,
            InvitationState::Declined,
            InvitationState::Revoked,
        ] {
            assert_eq!(state(settled, now, None, &[], now), settled);
        }
    }
}
