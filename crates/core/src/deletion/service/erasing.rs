//! Erasing what is due, one account after the other.

use rookery_domain::{Actor, AuditAction, AuditOutcome, Caller, Timestamp, UserId};
use serde_json::json;
use tracing::warn;

use super::DeletionService;
use crate::deletion::Erased;
use crate::ports::{Addressee, Erasure, ErasureBasis, ErasureOutcome, ErasureSubject, OutgoingMail, PortError};
use crate::throttling::Subject;
use crate::{AuditEvent, Letter};

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
        let erasure = self.decide_erasure(&subject, basis, caller)?;
        let outcome = self.deletions.erase(&erasure).await?;
        if let (ErasureOutcome::Erased(_), Some(_)) = (&outcome, &erasure.mail) {
            self.bell.ring();
        }
        Ok(outcome)
    }

    fn decide_erasure(
        &self,
        subject: &ErasureSubject,
        basis: ErasureBasis,
        caller: &Caller,
    ) -> Result<Erasure, PortError> {
        let at = self.mint.now();
        // Whichever door an operator comes through.
        let by = match basis {
            ErasureBasis::Operator | ErasureBasis::Replayed => Actor::Operator,
            ErasureBasis::Asked | ErasureBasis::Unverified { .. } => Actor::Service,
        };
        let event = AuditEvent {
            actor: by,
            user: Some(subject.user),
            detail: Some(json!({ "basis": basis.as_str() })),
            ..self.mint.event(at, AuditAction::Erased, AuditOutcome::Success, caller)
        };
        Ok(Erasure {
            id: self.mint.erasure_id(at),
            user: subject.user,
            basis,
            by,
            counted_as: vec![
                self.throttle.name_of(&Subject::User(subject.user)),
                self.throttle.name_of(&Subject::mailbox(&subject.email)),
            ],
            mail: self.farewell(subject, basis, at)?,
            event,
            at,
        })
    }

    /// The last mail. Nobody is told of an account they may never have known of, nor twice of the same.
    fn farewell(
        &self,
        subject: &ErasureSubject,
        basis: ErasureBasis,
        at: Timestamp,
    ) -> Result<Option<OutgoingMail>, PortError> {
        match basis {
            ErasureBasis::Unverified { .. } | ErasureBasis::Replayed => Ok(None),
            ErasureBasis::Asked | ErasureBasis::Operator => {
                let letter = Letter::AccountErased {
                    name: subject.name.clone(),
                    at,
                    home: self.post_room.links().home(),
                };
                let to = Addressee::Person {
                    user: subject.user,
                    email: subject.email.clone(),
                    reader: subject.reader,
                };
                self.post_room.write(&letter, to, at).map(Some)
            }
        }
    }
}
