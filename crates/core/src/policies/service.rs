//! Policies, decided.

mod mails;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{AuditAction, Caller, PolicyUpdate, TenantId, TenantPolicy, Timestamp, Violations};

use super::{ChangePolicyError, Policies, PolicyInForce, PolicyTerm, PolicyVersion};
use crate::ports::{DeliveryBell, PolicyChange, PolicyStore, SignedIn, Standing, StoredPolicy, TenantStore};
use crate::tenants::{ATTEMPTS, again_and_again, deed, membership_of};
use crate::{Act, AuditEvent, Mint, PostRoom, TenantError, authorize, require_fresh};

use mails::Told;

/// [`Policies`] on top of the ports.
pub struct PolicyService {
    /// Knows who is what.
    pub tenants: Arc<dyn TenantStore>,
    /// Where policies are kept.
    pub policies: Arc<dyn PolicyStore>,
    /// What the installation asks of everybody.
    pub weakest: TenantPolicy,
    /// How long people have to set up the second factor a tenant asks for.
    pub grace: Duration,
    /// Tells the time and makes events.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Policies for PolicyService {
    async fn read(&self, signed_in: &SignedIn, tenant: &TenantId) -> Result<PolicyInForce, TenantError> {
        let reader = signed_in.session.user;
        let membership = membership_of(self.tenants.as_ref(), signed_in, tenant, self.mint.now()).await?;
        authorize(&membership.tenant.roles, Act::SeePolicy)?;
        let stored = self.policies.of_tenant(tenant, &reader).await?;
        Ok(self.in_force(stored.as_ref()))
    }

    async fn change(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        update: PolicyUpdate,
        expected: Option<Vec<PolicyVersion>>,
        caller: &Caller,
    ) -> Result<PolicyInForce, ChangePolicyError> {
        if update.is_empty() {
            return Err(ChangePolicyError::Invalid(Violations::of_whole(
                "At least one field must be provided for update",
            )));
        }
        let user = signed_in.session.user;
        for _ in 0..ATTEMPTS {
            let membership = membership_of(self.tenants.as_ref(), signed_in, tenant, self.mint.now()).await?;
            authorize(&membership.tenant.roles, Act::ChangePolicy)?;
            require_fresh(&signed_in.session, self.mint.now())?;
            let stored = self.policies.of_tenant(tenant, &user).await?;
            let before = self.in_force(stored.as_ref());
            if expected
                .as_ref()
                .is_some_and(|expected| !expected.contains(&before.version))
            {
                return Err(ChangePolicyError::Superseded);
            }
            let policy = update
                .within(&self.weakest, &before.policy)
                .map_err(ChangePolicyError::Invalid)?;
            let changed = PolicyTerm::changed(&before.policy, &policy);
            if changed.is_empty() {
                return Ok(before);
            }
            let at = self.later_than(before.changed);
            let two_factor_since = policy
                .two_factor_required
                .then(|| before.two_factor_since.unwrap_or(at));
            let told = Told {
                tenant: &membership.tenant.name,
                by: signed_in.profile.email.as_str(),
                terms: changed.iter().map(|(_, after)| *after).collect(),
                begins_to_ask: policy.two_factor_required && !before.policy.two_factor_required,
                at,
            };
            let done = (AuditAction::PolicyChanged, *tenant, format!("tenant:{tenant}"));
            let change = PolicyChange {
                tenant: *tenant,
                by: Standing {
                    user,
                    roles: membership.tenant.roles.clone(),
                },
                replaces: before.changed,
                policy,
                two_factor_since,
                mails: self.mails(&told, &self.policies.audience(tenant).await?)?,
                event: AuditEvent {
                    detail: Some(PolicyTerm::detail(&changed)),
                    ..deed(&self.mint, signed_in, done, caller, at)
                },
                at,
            };
            if self.policies.change(&change).await? {
                self.bell.ring();
                let stored = StoredPolicy {
                    policy: change.policy,
                    updated: at,
                    two_factor_since,
                };
                return Ok(self.in_force(Some(&stored)));
            }
        }
        Err(again_and_again("policies.change").into())
    }
}

impl PolicyService {
    fn in_force(&self, stored: Option<&StoredPolicy>) -> PolicyInForce {
        let changed = stored.map(|stored| stored.updated);
        PolicyInForce {
            policy: stored.map_or_else(
                || self.weakest.clone(),
                |stored| self.weakest.tightened_by(&stored.policy),
            ),
            weakest: self.weakest.clone(),
            version: PolicyVersion::of(changed),
            changed,
            two_factor_since: stored.and_then(|stored| stored.two_factor_since),
        }
    }

    /// Now, or just behind the change before: a clock that went back must not give two versions one name.
    fn later_than(&self, changed: Option<Timestamp>) -> Timestamp {
        let now = self.mint.now();
        changed.map_or(now, |changed| now.max(changed + Duration::microseconds(1)))
    }
}

#[cfg(test)]
mod tests;
