//! An operator's wishes, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, EmailAddress};

use super::{Administration, AdministrationError};
use crate::ports::{Account, AccountChange, AccountStore};
use crate::{
    AuditEvent, Intervention, Mint, Overseer, Oversight, OversightError, Registered, Registration, RegistrationError,
    SignUp, Whom,
};

/// [`Administration`] on top of the ports.
pub struct AdministrationService {
    /// Makes accounts.
    pub registration: Arc<dyn Registration>,
    /// Where accounts are kept.
    pub accounts: Arc<dyn AccountStore>,
    /// Shuts accounts, and opens them again.
    pub oversight: Arc<dyn Oversight>,
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
        match change {
            AccountChange::Verify => self.verify(&account).await?,
            AccountChange::Disable => self.intervene(&account, Intervention::Suspend).await?,
            AccountChange::Enable => self.intervene(&account, Intervention::Restore).await?,
        }
        self.show(email).await
    }
}

impl AdministrationService {
    async fn verify(&self, account: &Account) -> Result<(), AdministrationError> {
        let event = AuditEvent {
            user: Some(account.user),
            ..self.mint.event(
                self.mint.now(),
                AuditAction::EmailVerified,
                AuditOutcome::Success,
                &Caller::operator(),
            )
        };
        if self
            .accounts
            .change(&account.user, &AccountChange::Verify, &event)
            .await?
        {
            Ok(())
        } else {
            Err(AdministrationError::NotFound)
        }
    }

    /// What staff do by the same name, with no more reason than that the command line said so.
    async fn intervene(&self, account: &Account, what: Intervention) -> Result<(), AdministrationError> {
        let by = Overseer::at_the_command_line(None);
        let done = self.oversight.intervene(&by, &Whom::Id(account.user), what, None).await;
        match done {
            Ok(_) => Ok(()),
            Err(OversightError::NoSuchAccount) => Err(AdministrationError::NotFound),
            Err(error) => Err(AdministrationError::Refused(error)),
        }
    }
}

#[cfg(test)]
mod tests;
