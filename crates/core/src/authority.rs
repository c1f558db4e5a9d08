//! Who may do what in a tenant: the one table, and the one question. What the table does not grant is denied.

use rookery_domain::Role;
use thiserror::Error;

/// Something that only some of a tenant's members may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Working in it: having a session there.
    Enter,
    /// Seeing who else belongs to it.
    SeeMembers,
    /// Giving it another name.
    Rename,
    /// Seeing what it asks of its members.
    SeePolicy,
    /// Changing that.
    ChangePolicy,
    /// Giving other roles to members who neither are nor become owners.
    AssignRoles,
    /// Removing members who are no owners.
    RemoveMembers,
    /// Making, unmaking and removing owners, and giving them other roles.
    ManageOwners,
    /// Inviting people who are to be no owners, and seeing, mailing again and taking back such invitations.
    Invite,
    /// The same for people who are to be owners.
    InviteOwners,
    /// Making somebody else the owner in one's place.
    TransferOwnership,
    /// Ending one's own membership.
    Leave,
}

impl Act {
    /// Every act there is.
    pub const ALL: [Self; 12] = [
        Self::Enter,
        Self::SeeMembers,
        Self::Rename,
        Self::SeePolicy,
        Self::ChangePolicy,
        Self::AssignRoles,
        Self::RemoveMembers,
        Self::ManageOwners,
        Self::Invite,
        Self::InviteOwners,
        Self::TransferOwnership,
        Self::Leave,
    ];
}

/// The table. Several roles may do what any of them may.
const GRANTS: &[(Role, &[Act])] = &[
    (
        Role::Owner,
        &[
            Act::Enter,
            Act::SeeMembers,
            Act::Rename,
            Act::SeePolicy,
            Act::ChangePolicy,
            Act::AssignRoles,
            Act::RemoveMembers,
            Act::ManageOwners,
            Act::Invite,
            Act::InviteOwners,
            Act::TransferOwnership,
            Act::Leave,
        ],
    ),
    (
        Role::Admin,
        &[
            Act::Enter,
            Act::SeeMembers,
            Act::Rename,
            Act::SeePolicy,
            Act::AssignRoles,
            Act::RemoveMembers,
            Act::Invite,
            Act::Leave,
        ],
    ),
    (Role::Member, &[Act::Enter, Act::SeeMembers, Act::Leave]),
    (Role::Viewer, &[Act::Enter, Act::SeeMembers, Act::Leave]),
];

/// None of the member's roles grants what they ask for.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("none of the member's roles grants this")]
pub struct Forbidden;

/// The one check before everything that is done in a tenant.
///
/// # Errors
/// [`Forbidden`] unless one of the roles grants the act.
pub fn authorize(roles: &[Role], act: Act) -> Result<(), Forbidden> {
    let granted = GRANTS
        .iter()
        .any(|(role, acts)| roles.contains(role) && acts.contains(&act));
    if granted { Ok(()) } else { Err(Forbidden) }
}

/// Whether somebody with these roles may invite people to have those.
///
/// # Errors
/// [`Forbidden`] unless they may.
pub fn authorize_invitation(roles: &[Role], invited: &[Role]) -> Result<(), Forbidden> {
    authorize(roles, Act::Invite)?;
    if invited.contains(&Role::Owner) {
        authorize(roles, Act::InviteOwners)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table once more, the other way round, as people read it: owner, admin, member, viewer.
    const EXPECTED: [(Act, [bool; 4]); Act::ALL.len()] = [
        (Act::Enter, [true, true, true, true]),
        (Act::SeeMembers, [true, true, true, true]),
        (Act::Rename, [true, true, false, false]),
        (Act::SeePolicy, [true, true, false, false]),
        (Act::ChangePolicy, [true, false, false, false]),
        (Act::AssignRoles, [true, true, false, false]),
        (Act::RemoveMembers, [true, true, false, false]),
        (Act::ManageOwners, [true, false, false, false]),
        (Act::Invite, [true, true, false, false]),
        (Act::InviteOwners, [true, false, false, false]),
        (Act::TransferOwnership, [true, false, false, false]),
        (Act::Leave, [true, true, true, true]),
    ];

    #[test]
    fn every_role_may_do_what_its_row_grants_and_nothing_else() {
        for (place, (act, row)) in EXPECTED.into_iter().enumerate() {
            assert_eq!(act, Act::ALL[place]);
            for (role, expected) in Role::ALL.into_iter().zip(row) {
                assert_eq!(authorize(&[role], act).is_ok(), expected, "{role} {act:?}");
            }
        }
    }

    #[test]
    fn several_roles_may_do_what_any_of_them_may() {
        assert_eq!(authorize(&[Role::Viewer, Role::Admin], Act::Rename), Ok(()));
        assert_eq!(authorize(&[Role::Viewer, Role::Member], Act::Rename), Err(Forbidden));
    }

    #[test]
    fn nobody_invites_to_more_than_they_may_give() {
        for invited in Role::ALL {
            assert_eq!(authorize_invitation(&[Role::Owner], &[invited]), Ok(()), "{invited}");
            let by_admin = authorize_invitation(&[Role::Admin], &[invited]);
            assert_eq!(by_admin.is_ok(), invited != Role::Owner, "{invited}");
            assert_eq!(
                authorize_invitation(&[Role::Member], &[invited]),
                Err(Forbidden),
                "{invited}"
            );
        }
        assert_eq!(
            authorize_invitation(&[Role::Admin], &[Role::Member, Role::Owner]),
            Err(Forbidden)
        );
    }

    #[test]
    fn without_a_role_nothing_is_granted() {
        for act in Act::ALL {
            assert_eq!(authorize(&[], act), Err(Forbidden), "{act:?}");
        }
    }
}
