//! What operators do after a backup was restored: erase again. What they erase at once, hold and release is among what
//! [staff do](crate::Oversight).

use rookery_domain::{Caller, UserId};

use super::DeletionService;
use crate::deletion::OperateError;
use crate::ports::{ErasureBasis, ErasureOutcome, ErasureReceipt};

impl DeletionService {
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
}
