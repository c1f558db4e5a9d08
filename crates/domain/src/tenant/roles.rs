//! Several roles of one member: at least one, each once.

use thiserror::Error;

use super::Role;

/// What a member may do in a tenant: one role or more, each once, the mightiest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

/// A member without a role is none.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("At least one role is required")]
pub struct NoRole;

impl Roles {
    /// These roles, in whatever order and however often each is named.
    ///
    /// # Errors
    /// [`NoRole`] when there is none.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Result<Self, NoRole> {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() { Err(NoRole) } else { Ok(Self(roles)) }
    }

    /// What the owner of a tenant is.
    #[must_use]
    pub fn owner() -> Self {
        Self(vec![Role::Owner])
    }

    /// These roles, and with them the tenant.
    #[must_use]
    pub fn crowned(roles: &[Role]) -> Self {
        Self::with(Role::Owner, roles)
    }

    /// What somebody with these roles is who has handed the tenant on: an admin, who manages it for the new owner.
    #[must_use]
    pub fn stepped_down(roles: &[Role]) -> Self {
        let others: Vec<Role> = roles.iter().copied().filter(|role| *role != Role::Owner).collect();
        Self::with(Role::Admin, &others)
    }

    fn with(role: Role, others: &[Role]) -> Self {
        let mut roles = [&[role], others].concat();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// The roles, the mightiest first.
    #[must_use]
    pub fn as_slice(&self) -> &[Role] {
        &self.0
    }

    /// Whether this role is among them.
    #[must_use]
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether these are the same roles, in whatever order and however often each is named there.
    #[must_use]
    pub fn are(&self, others: &[Role]) -> bool {
        others.iter().all(|role| self.contains(*role)) && self.0.iter().all(|role| others.contains(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_counts_once_wherever_it_stands_and_none_is_not_enough() {
        let roles = Roles::of([Role::Viewer, Role::Admin, Role::Viewer]).unwrap();
        assert_eq!(roles.as_slice(), [Role::Admin, Role::Viewer]);
        assert!(roles.contains(Role::Viewer) && !roles.contains(Role::Owner));
        assert_eq!(Roles::of([]), Err(NoRole));
    }

    #[test]
    fn roles_are_compared_as_a_set() {
        let roles = Roles::of([Role::Admin, Role::Viewer]).unwrap();
        assert!(roles.are(&[Role::Viewer, Role::Admin, Role::Viewer]));
        for others in [&[Role::Admin][..], &[Role::Admin, Role::Viewer, Role::Member], &[]] {
            assert!(!roles.are(others), "{others:?}");
        }
    }

    #[test]
    fn who_takes_a_tenant_over_keeps_their_roles_and_who_hands_it_on_stays_as_an_admin() {
        assert_eq!(Roles::crowned(&[Role::Viewer]).as_slice(), [Role::Owner, Role::Viewer]);
        assert_eq!(Roles::crowned(&[Role::Owner]), Roles::owner());
        assert_eq!(Roles::stepped_down(&[Role::Owner]).as_slice(), [Role::Admin]);
        assert_eq!(
            Roles::stepped_down(&[Role::Owner, Role::Admin, Role::Member]).as_slice(),
            [Role::Admin, Role::Member]
        );
    }
}
