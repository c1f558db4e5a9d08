//! Invitations as they are found, and what they are worth.

use rookery_domain::{
    EmailAddress, InvitationId, InvitationState, Role, Roles, TenantId, TenantPolicy, Timestamp, UserId,
};

use crate::{Reader, authorize_invitation};

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
