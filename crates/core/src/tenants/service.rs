//! Tenants, decided.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{
    AuditAction, Caller, Membership, Role, Session, SessionLifetime, TenantId, TenantName, TenantPolicy, TenantSummary,
    Timestamp,
};

use super::{
    ATTEMPTS, FoundTenantError, SwitchTenantError, TenantError, Tenants, again_and_again, deed, membership_of,
};
use crate::ports::{
    Credential, CredentialStore, FoundingOutcome, PortError, SessionStore, SignedIn, Standing, SwitchOutcome,
    TenantFounding, TenantRenaming, TenantStore, TenantSwitch,
};
use crate::{Act, Limit, Mint, ReauthenticationRequired, Subject, Throttle, authorize};

/// [`Tenants`] on top of the ports.
pub struct TenantService {
    /// Where tenants are kept.
    pub tenants: Arc<dyn TenantStore>,
    /// Knows what tenants ask of a person.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where sessions are kept.
    pub sessions: Arc<dyn SessionStore>,
    /// Counts the tenants somebody makes.
    pub throttle: Throttle,
    /// Tells the time, makes ids and events.
    pub mint: Mint,
}

#[async_trait]
impl Tenants for TenantService {
    async fn found(
        &self,
        signed_in: &SignedIn,
        name: TenantName,
        caller: &Caller,
    ) -> Result<Membership, FoundTenantError> {
        let owner = signed_in.session.user;
        self.throttle.take(Limit::TenantsUser, &Subject::User(owner)).await?;
        let at = self.mint.now();
        let tenant = self.mint.tenant_id(at);
        let membership = Membership {
            tenant: TenantSummary {
                id: tenant,
                name: name.to_string(),
                roles: vec![Role::Owner],
            },
            created: at,
            joined: at,
            timeout_hours: None,
        };
        let made = (AuditAction::TenantCreated, tenant, format!("tenant:{tenant}"));
        let founding = TenantFounding {
            tenant,
            name,
            owner,
            only_as_first: signed_in.profile.email_verified.is_none(),
            event: deed(&self.mint, signed_in, made, caller, at),
            at,
        };
        match self.tenants.found(&founding).await? {
            FoundingOutcome::Founded => Ok(membership),
            FoundingOutcome::NotTheFirst => Err(FoundTenantError::EmailNotVerified),
            FoundingOutcome::NoSuchPerson => Err(FoundTenantError::NotSignedIn),
        }
    }

    async fn list(&self, signed_in: &SignedIn) -> Result<Vec<Membership>, PortError> {
        self.tenants.of_person(&signed_in.session.user).await
    }

    async fn rename(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        name: TenantName,
        caller: &Caller,
    ) -> Result<Membership, TenantError> {
        let user = signed_in.session.user;
        for _ in 0..ATTEMPTS {
            let at = self.mint.now();
            let mut membership = membership_of(self.tenants.as_ref(), signed_in, tenant, at).await?;
            authorize(&membership.tenant.roles, Act::Rename)?;
            let renamed = (AuditAction::TenantRenamed, *tenant, format!("tenant:{tenant}"));
            let renaming = TenantRenaming {
                tenant: *tenant,
                by: Standing {
                    user,
                    roles: membership.tenant.roles.clone(),
                },
                name: name.clone(),
                event: deed(&self.mint, signed_in, renamed, caller, at),
                at,
            };
            if self.tenants.rename(&renaming).await? {
                membership.tenant.name = name.to_string();
                return Ok(membership);
            }
        }
        Err(again_and_again("tenants.rename").into())
    }

    async fn switch(
        &self,
        signed_in: &SignedIn,
        tenant: &TenantId,
        caller: &Caller,
    ) -> Result<TenantSummary, SwitchTenantError> {
        let Session { user, id, .. } = signed_in.session;
        let membership = self.tenants.membership(tenant, &user).await?;
        let membership = membership.ok_or(SwitchTenantError::NotFound)?;
        authorize(&membership.tenant.roles, Act::Enter)?;
        let credential = self.credentials.by_user(&user).await?;
        let credential = credential.ok_or(SwitchTenantError::NotSignedIn)?;
        let at = self.mint.now();
        let (idle, expires) = capped(&signed_in.session, &credential, *tenant);
        if expires <= at {
            return Err(ReauthenticationRequired.into());
        }
        let switched = (AuditAction::TenantSwitched, *tenant, format!("tenant:{tenant}"));
        let switch = TenantSwitch {
            user,
            session: id,
            tenant: *tenant,
            idle,
            expires,
            event: deed(&self.mint, signed_in, switched, caller, at),
            at,
        };
        match self.sessions.switch_tenant(&switch).await? {
            SwitchOutcome::Switched => Ok(membership.tenant),
            SwitchOutcome::NotAMember => Err(SwitchTenantError::NotFound),
            SwitchOutcome::NotSignedIn => Err(SwitchTenantError::NotSignedIn),
        }
    }
}

/// How long the session may be idle and when it ends, once it is in the tenant: never later than before. The tenant's hours
/// count from the last proof of who the person is, so that one who proves it again may go on.
fn capped(session: &Session, credential: &Credential, tenant: TenantId) -> (Duration, Timestamp) {
    let policy: Option<&TenantPolicy> = credential
        .tenants
        .iter()
        .find(|(id, _)| *id == tenant)
        .and_then(|(_, policy)| policy.as_ref());
    let left = SessionLifetime {
        idle: session.idle,
        absolute: session.expires - session.authenticated,
    };
    let SessionLifetime { idle, absolute } = left.capped_by(policy);
    (idle, session.authenticated + absolute)
}

#[cfg(test)]
mod tests;
