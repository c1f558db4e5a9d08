//! An operator's wishes, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, EmailAddress};

use super::{Administration, AdministrationError};
use crate::ports::{Account, AccountChange, AccountStore};
use crate::{AuditEvent, Mint, Registered, Registration, RegistrationError, SignUp};

/// [`Administration`] on top of the ports.
pub struct AdministrationService {
    /// Makes accounts.
    pub registration: Arc<dyn Registration>,
    /// Where accounts are kept.
    pub accounts: Arc<dyn AccountStore>,
    /// Makes events.
    pub mint: Mint,
}

#[async_trait]
impl Administration for AdministrationService {
    async fn create(&self, sign_up: SignUp) -> Result<Registered, RegistrationError> {
        let caller = Caller::operator();
        self.registration.register(SignUp { caller, ..sign_up }).await
    }

    async fn show(&self, email: &EmailAddress) -> Result<Account, AdministrationError> {
        self.accounts.find(email).await?.ok_or(AdministrationError::NotFound)
    }

    async fn change(&self, email: &EmailAddress, change: AccountChange) -> Result<Account, AdministrationError> {
        let account = self.show(email).await?;
        let action = match change {
            AccountChange::Verify => AuditAction::EmailVerified,
            AccountChange::Disable => AuditAction::Disabled,
            AccountChange::Enable => AuditAction::Enabled,
        };
        let event = AuditEvent {
            user: Some(account.user),
            ..self
                .mint
                .event(self.mint.now(), action, AuditOutcome::Success, &Caller::operator())
        };
        if self.accounts.change(&account.user, &change, &event).await? {
            self.show(email).await
        } else {
            Err(AdministrationError::NotFound)
        }
    }
}

#[cfg(test)]
mod tests;
