//! What operators do: erase at once, erase again, hold and release.

use rookery_domain::{AuditAction, AuditOutcome, Caller, EmailAddress, Reason, UserId};

use super::DeletionService;
use crate::AuditEvent;
use crate::deletion::OperateError;
use crate::ports::{ErasureBasis, ErasureOutcome, ErasureReceipt, HoldPlacement};

impl DeletionService {
    pub(super) async fn erase_for_an_operator(
        &self,
        user: &UserId,
        caller: &Caller,
    ) -> Result<ErasureReceipt, OperateError> {
        match self.erase_one(user, ErasureBasis::Operator, caller).await? {
            ErasureOutcome::Erased(receipt) => Ok(receipt),
            ErasureOutcome::NotDue => Err(OperateError::NotFound),
            ErasureOutcome::Held => Err(OperateError::Held),
            ErasureOutcome::NeedsOwners(stakes) => Err(OperateError::SoleOwner(stakes)),
        }
    }

    /// Whatever the backup says of holds and owners comes after what was done since.
    pub(super) async fn erase_again(&self, user: &UserId) -> Result<Option<ErasureReceipt>, OperateError> {
        match self
            .erase_one(user, ErasureBasis::Replayed, &Caller::operator())
            .await?
        {
            ErasureOutcome::Erased(receipt) => Ok(Some(receipt)),
            ErasureOutcome::NotDue => Ok(None),
            ErasureOutcome::Held => Err(OperateError::Held),
            ErasureOutcome::NeedsOwners(stakes) => Err(OperateError::SoleOwner(stakes)),
        }
    }

    pub(super) async fn place_hold(
        &self,
        email: &EmailAddress,
        reason: Reason,
        caller: &Caller,
    ) -> Result<(), OperateError> {
        let user = self.user_at(email).await?;
        let event = self.operator_s(user, AuditAction::HoldPlaced, caller);
        let placement = HoldPlacement {
            user,
            reason,
            at: event.at,
            event,
        };
        if self.deletions.hold(&placement).await? {
            Ok(())
        } else {
            Err(OperateError::NotFound)
        }
    }

    pub(super) async fn release_hold(&self, email: &EmailAddress, caller: &Caller) -> Result<(), OperateError> {
        let user = self.user_at(email).await?;
        let event = self.operator_s(user, AuditAction::HoldReleased, caller);
        if self.deletions.release(&user, &event).await? {
            Ok(())
        } else {
            Err(OperateError::NotHeld)
        }
    }

    async fn user_at(&self, email: &EmailAddress) -> Result<UserId, OperateError> {
        let account = self.accounts.find(email).await?;
        account.map(|account| account.user).ok_or(OperateError::NotFound)
    }

    /// The event is about the account, and the person is not to read of it: it names them as what it was done to.
    fn operator_s(&self, user: UserId, action: AuditAction, caller: &Caller) -> AuditEvent {
        AuditEvent {
            target: Some(format!("user:{user}")),
            ..self.mint.event(self.mint.now(), action, AuditOutcome::Success, caller)
        }
    }
}
