//! Oversight, decided.

mod intervening;
mod looking;

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditOutcome, Caller, Reason, Session, TenantId, UserId};
use serde_json::json;

use intervening::Wish;

use super::{
    AccountPage, AdmissionError, Intervened, Intervention, Overseer, Oversight, OversightError, Record, TenantPage,
    Whom,
};
use crate::ports::{
    AccountFile, AuditLog, CredentialStore, DeliveryBell, EventFilter, OversightFilter, OversightStore, PortError,
    SignedIn, StaffStore, TenantFile,
};
use crate::{ActivityPage, Limit, Mint, PostRoom, ReauthenticationRequired, StaffAct, Subject, Throttle};

/// [`Oversight`] on top of the ports.
pub struct OversightService {
    /// Knows who is staff.
    pub staff: Arc<dyn StaffStore>,
    /// Shows accounts, and changes them.
    pub oversight: Arc<dyn OversightStore>,
    /// Knows whether somebody has a second factor, and where mail to them goes.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where refusals are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Counts looks and changes, and knows who is locked.
    pub throttle: Throttle,
    /// Tells the time, makes ids, tokens and events.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Oversight for OversightService {
    async fn admit(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Overseer, AdmissionError> {
        let session = &signed_in.session;
        let role = self.staff.role_of(&session.user).await?;
        let role = role.ok_or(AdmissionError::NotStaff)?;
        if signed_in.profile.email_verified.is_none() {
            return Err(AdmissionError::EmailNotVerified);
        }
        let credential = self.credentials.by_user(&session.user).await?;
        if credential.is_none_or(|credential| credential.second_factor.is_none()) {
            return Err(AdmissionError::SecondFactorMissing);
        }
        if !session.has_shown_second_factor() {
            return Err(AdmissionError::SecondFactorNotShown);
        }
        if self.mint.now() - session.authenticated >= Session::STAFF_FRESHNESS {
            return Err(ReauthenticationRequired.into());
        }
        Ok(Overseer::staff(signed_in, role, caller))
    }

    async fn find(
        &self,
        by: &Overseer,
        filter: OversightFilter<UserId>,
        why: Option<Reason>,
    ) -> Result<AccountPage, OversightError> {
        self.find_accounts(by, filter, why).await
    }

    async fn show(&self, by: &Overseer, whom: &Whom, why: Option<Reason>) -> Result<AccountFile, OversightError> {
        self.open_account(by, whom, why).await
    }

    async fn find_tenants(
        &self,
        by: &Overseer,
        filter: OversightFilter<TenantId>,
        why: Option<Reason>,
    ) -> Result<TenantPage, OversightError> {
        self.search_tenants(by, filter, why).await
    }

    async fn show_tenant(
        &self,
        by: &Overseer,
        tenant: &TenantId,
        why: Option<Reason>,
    ) -> Result<TenantFile, OversightError> {
        self.open_tenant(by, tenant, why).await
    }

    async fn log(
        &self,
        by: &Overseer,
        filter: EventFilter,
        why: Option<Reason>,
    ) -> Result<ActivityPage, OversightError> {
        self.read_log(by, filter, why).await
    }

    async fn intervene(
        &self,
        by: &Overseer,
        whom: &Whom,
        what: Intervention,
        why: Option<Reason>,
    ) -> Result<Intervened, OversightError> {
        let wish = Wish {
            what,
            why,
            confirmation: None,
        };
        self.change_account(by, whom, &wish).await
    }

    async fn erase(
        &self,
        by: &Overseer,
        whom: &Whom,
        confirmation: &Whom,
        why: Option<Reason>,
    ) -> Result<Intervened, OversightError> {
        let wish = Wish {
            what: Intervention::Erase,
            why,
            confirmation: Some(confirmation),
        };
        self.change_account(by, whom, &wish).await
    }
}

impl OversightService {
    /// Whether they may do it at all, and not too often. What is refused by role is written down.
    async fn allow(&self, by: &Overseer, act: StaffAct, limit: Limit, record: Record) -> Result<(), OversightError> {
        if let Err(forbidden) = by.authorize(act) {
            self.refused(by, record, "role").await?;
            return Err(forbidden.into());
        }
        if let Some(user) = by.user() {
            self.throttle.take(limit, &Subject::User(user)).await?;
        }
        Ok(())
    }

    /// Writes down what somebody of the staff was refused, before they hear of it.
    async fn refused(&self, by: &Overseer, mut record: Record, because: &'static str) -> Result<(), PortError> {
        record.detail.push(("refused", json!(because)));
        let event = by.record(&self.mint, record, AuditOutcome::Failure, self.mint.now());
        self.audit.record(&event).await
    }

    /// Who is meant. Nobody is, under an address that nobody has.
    async fn meant(&self, whom: &Whom) -> Result<Option<UserId>, PortError> {
        match whom {
            Whom::Id(user) => Ok(Some(*user)),
            Whom::Address(email) => self.oversight.holder_of(email).await,
        }
    }
}

/// The reason, as it is kept beside the event for as long as what is personal is.
fn because(why: Option<&Reason>) -> Vec<(&'static str, serde_json::Value)> {
    why.map(|why| ("reason", json!(why.as_str()))).into_iter().collect()
}

#[cfg(test)]
mod tests;
