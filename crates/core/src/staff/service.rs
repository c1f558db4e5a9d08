//! Staff, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, EmailAddress, StaffRole, Timestamp, UserId};
use serde_json::json;

use super::{Staff, StaffError};
use crate::oversight::Record;
use crate::ports::{Account, AccountStore, PortError, StaffGrant, StaffMember, StaffStore};
use crate::{AuditEvent, Mint, Overseer};

/// [`Staff`] on top of the ports.
pub struct StaffService {
    /// Who has which address.
    pub accounts: Arc<dyn AccountStore>,
    /// Where it is kept who is staff.
    pub staff: Arc<dyn StaffStore>,
    /// Tells the time and makes events.
    pub mint: Mint,
}

#[async_trait]
impl Staff for StaffService {
    async fn grant(&self, by: &Overseer, email: &EmailAddress, role: StaffRole) -> Result<StaffMember, StaffError> {
        let account = self.account(email).await?;
        let at = self.mint.now();
        let grant = StaffGrant {
            user: account.user,
            role,
            event: self.event(by, AuditAction::StaffGranted, account.user, role, at),
            at,
        };
        if self.staff.grant(&grant).await? {
            Ok(member(account, role, at))
        } else {
            Err(StaffError::NotFound)
        }
    }

    async fn revoke(&self, by: &Overseer, email: &EmailAddress) -> Result<StaffMember, StaffError> {
        let account = self.account(email).await?;
        let role = self.staff.role_of(&account.user).await?.ok_or(StaffError::NotStaff)?;
        let at = self.mint.now();
        let event = self.event(by, AuditAction::StaffRevoked, account.user, role, at);
        if self.staff.revoke(&account.user, &event).await? {
            Ok(member(account, role, at))
        } else {
            Err(StaffError::NotStaff)
        }
    }

    async fn list(&self) -> Result<Vec<StaffMember>, PortError> {
        self.staff.list().await
    }
}

impl StaffService {
    async fn account(&self, email: &EmailAddress) -> Result<Account, StaffError> {
        self.accounts.find(email).await?.ok_or(StaffError::NotFound)
    }

    /// The one it is about reads it, too: in their own activity.
    fn event(&self, by: &Overseer, action: AuditAction, user: UserId, role: StaffRole, at: Timestamp) -> AuditEvent {
        let record = Record {
            action,
            target: Some(format!("user:{user}")),
            detail: vec![("role", json!(role.as_str()))],
        };
        AuditEvent {
            user: Some(user),
            ..by.record(&self.mint, record, AuditOutcome::Success, at)
        }
    }
}

fn member(account: Account, role: StaffRole, since: Timestamp) -> StaffMember {
    StaffMember {
        user: account.user,
        email: account.email,
        name: account.name,
        role,
        since,
    }
}

#[cfg(test)]
mod tests;
