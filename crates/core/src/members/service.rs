//! Members, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, Caller, Roles, TenantId, UserId};

use super::{EndedMembership, MemberError, MemberPage, Members};
use crate::ports::{
    Member, MemberFilter, MemberStore, RosterChange, RosterOutcome, RosterStep, SignedIn, Standing, TenantStore,
};
use crate::tenants::{ATTEMPTS, again_and_again, deed, membership_of};
use crate::{Act, Mint, TenantError, authorize, authorize_upon, require_fresh, require_fresh_for_owners};

/// [`Members`] on top of the ports.
pub struct MemberService {
    /// Knows who is what.
    pub tenants: Arc<dyn TenantStore>,
    /// Where members are kept.
    pub members: Arc<dyn MemberStore>,
    /// Tells the time and makes events.
    pub mint: Mint,
}

#[async_trait]
impl Members for MemberService {
    async fn list(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        filter: MemberFilter,
    ) -> Result<MemberPage, TenantError> {
        let reader = signed_in.session.user;
        let membership = membership_of(self.tenants.as_ref(), signed_in, tenant, self.mint.now()).await?;
        authorize(&membership.tenant.roles, Act::SeeMembers)?;
        let wanted = filter.limit;
        // One more than is shown tells whether there is a next page.
        let filter = MemberFilter {
            limit: wanted.saturating_add(1),
            ..filter
        };
        Ok(page(self.members.list(tenant, &reader, &filter).await?, wanted))
    }

    async fn find(&self, signed_in: &SignedIn, tenant: &TenantId, member: &UserId) -> Result<Member, MemberError> {
        let by = self.standing(signed_in, *tenant).await?;
        authorize(&by.roles, Act::SeeMembers)?;
        self.member(&by, *tenant, *member).await
    }

    async fn assign(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        member: &UserId,
        roles: Roles,
        caller: &Caller,
    ) -> Result<Member, MemberError> {
        for _ in 0..ATTEMPTS {
            let by = self.standing(signed_in, *tenant).await?;
            authorize_upon(&by.roles, Act::AssignRoles, roles.as_slice())?;
            let mut found = self.member(&by, *tenant, *member).await?;
            authorize_upon(&by.roles, Act::AssignRoles, &found.roles)?;
            if roles.are(&found.roles) {
                return Ok(found);
            }
            let concerned = [roles.as_slice(), found.roles.as_slice()].concat();
            require_fresh_for_owners(&signed_in.session, &concerned, self.mint.now())?;
            let steps = vec![RosterStep::Assign {
                user: *member,
                roles: roles.clone(),
            }];
            let change = Change {
                action: AuditAction::MemberRolesChanged,
                tenant: *tenant,
                by,
                steps,
            };
            if self.commit(signed_in, change, &found, caller).await? {
                found.roles = roles.as_slice().to_vec();
                return Ok(found);
            }
        }
        Err(again_and_again("members.assign").into())
    }

    async fn remove(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        member: &UserId,
        caller: &Caller,
    ) -> Result<EndedMembership, MemberError> {
        let (action, act, ended) = if *member == signed_in.session.user {
            (AuditAction::MemberLeft, Act::Leave, EndedMembership::Own)
        } else {
            (AuditAction::MemberRemoved, Act::RemoveMembers, EndedMembership::Other)
        };
        for _ in 0..ATTEMPTS {
            let by = self.standing(signed_in, *tenant).await?;
            authorize(&by.roles, act)?;
            let found = self.member(&by, *tenant, *member).await?;
            if ended == EndedMembership::Other {
                authorize_upon(&by.roles, act, &found.roles)?;
                require_fresh_for_owners(&signed_in.session, &found.roles, self.mint.now())?;
            }
            let change = Change {
                action,
                tenant: *tenant,
                by,
                steps: vec![RosterStep::Remove { user: *member }],
            };
            if self.commit(signed_in, change, &found, caller).await? {
                return Ok(ended);
            }
        }
        Err(again_and_again("members.remove").into())
    }

    async fn transfer_ownership(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        to: &UserId,
        caller: &Caller,
    ) -> Result<Member, MemberError> {
        for _ in 0..ATTEMPTS {
            let by = self.standing(signed_in, *tenant).await?;
            authorize(&by.roles, Act::TransferOwnership)?;
            require_fresh(&signed_in.session, self.mint.now())?;
            if *to == by.user {
                return Err(MemberError::NotAnother);
            }
            let mut found = self.member(&by, *tenant, *to).await?;
            let crowned = Roles::crowned(&found.roles);
            let steps = vec![
                RosterStep::Assign {
                    user: *to,
                    roles: crowned.clone(),
                },
                RosterStep::Assign {
                    user: by.user,
                    roles: Roles::stepped_down(&by.roles),
                },
            ];
            let change = Change {
                action: AuditAction::OwnershipTransferred,
                tenant: *tenant,
                by,
                steps,
            };
            if self.commit(signed_in, change, &found, caller).await? {
                found.roles = crowned.as_slice().to_vec();
                return Ok(found);
            }
        }
        Err(again_and_again("members.transfer_ownership").into())
    }
}

/// A change of who is what, but for what every one of them needs.
struct Change {
    action: AuditAction,
    tenant: TenantId,
    by: Standing,
    steps: Vec<RosterStep>,
}

impl MemberService {
    /// What the one who asks is in the tenant.
    async fn standing(&self, signed_in: &SignedIn, tenant: TenantId) -> Result<Standing, MemberError> {
        let membership = membership_of(self.tenants.as_ref(), signed_in, &tenant, self.mint.now()).await?;
        Ok(Standing {
            user: signed_in.session.user,
            roles: membership.tenant.roles,
        })
    }

    async fn member(&self, by: &Standing, tenant: TenantId, user: UserId) -> Result<Member, MemberError> {
        let found = self.members.find(&tenant, &by.user, &user).await?;
        found.ok_or(MemberError::NoSuchMember)
    }

    /// `false` when somebody's roles are not what they were when it was decided.
    async fn commit(
        &self,
        signed_in: &SignedIn,
        change: Change,
        member: &Member,
        caller: &Caller,
    ) -> Result<bool, MemberError> {
        let at = self.mint.now();
        let done = (change.action, change.tenant, format!("user:{}", member.user));
        let target = Standing {
            user: member.user,
            roles: member.roles.clone(),
        };
        let change = RosterChange {
            tenant: change.tenant,
            standings: vec![change.by, target],
            steps: change.steps,
            event: deed(&self.mint, signed_in, done, caller, at),
            at,
        };
        match self.members.change(&change).await? {
            RosterOutcome::Changed => Ok(true),
            RosterOutcome::Outdated => Ok(false),
            RosterOutcome::LastOwner => Err(MemberError::LastOwner),
        }
    }
}

fn page(mut members: Vec<Member>, wanted: u32) -> MemberPage {
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let more = members.len() > wanted;
    members.truncate(wanted);
    let last = members.last().filter(|_| more);
    MemberPage {
        next: last.map(Member::position),
        members,
    }
}

#[cfg(test)]
mod tests;
