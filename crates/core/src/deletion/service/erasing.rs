//! Erasing what is due, one account after the other.

use rookery_domain::{Caller, UserId};
use tracing::warn;

use super::DeletionService;
use crate::deletion::{Erased, ErasureDecision};
use crate::ports::{ErasureBasis, ErasureOutcome, PortError};

/// How many accounts a round takes on of each kind. What is left over is left to the next.
const BATCH: u64 = 100;

impl DeletionService {
    pub(super) async fn erase_all_due(&self) -> Result<Erased, PortError> {
        let now = self.mint.now();
        let mut failure = None;
        let asked = self.deletions.due(&now, BATCH).await?;
        let asked = self.erase_each(&asked, ErasureBasis::Asked, &mut failure).await;
        let mut unverified = 0;
        if let Some(expiry) = self.unverified_expiry {
            let unused_since = now - expiry;
            let expired = self.deletions.unverified(&unused_since, BATCH).await?;
            let basis = ErasureBasis::Unverified { unused_since };
            unverified = self.erase_each(&expired, basis, &mut failure).await;
        }
        match failure {
            None => Ok(Erased { asked, unverified }),
            Some(error) => Err(error),
        }
    }

    /// One that fails holds nobody else up.
    async fn erase_each(&self, users: &[UserId], basis: ErasureBasis, failure: &mut Option<PortError>) -> u64 {
        let mut erased = 0;
        for user in users {
            match self.erase_one(user, basis, &Caller::default()).await {
                Ok(ErasureOutcome::Erased(_)) => erased += 1,
                Ok(ErasureOutcome::NotDue | ErasureOutcome::Held | ErasureOutcome::NeedsOwners(_)) => {}
                Err(error) => {
                    warn!(user = %user, error = error.chain(), "an account could not be erased; the next round tries again");
                    *failure = failure.take().or(Some(error));
                }
            }
        }
        erased
    }

    pub(super) async fn erase_one(
        &self,
        user: &UserId,
        basis: ErasureBasis,
        caller: &Caller,
    ) -> Result<ErasureOutcome, PortError> {
        let Some(subject) = self.deletions.subject(user).await? else {
            return Ok(ErasureOutcome::NotDue);
        };
        let deciding = ErasureDecision {
            mint: &self.mint,
            throttle: &self.throttle,
            post_room: &self.post_room,
        };
        let erasure = deciding.decide(&subject, basis, caller)?;
        let outcome = self.deletions.erase(&erasure).await?;
        if let (ErasureOutcome::Erased(_), Some(_)) = (&outcome, &erasure.mail) {
            self.bell.ring();
        }
        Ok(outcome)
    }
}
