//! Looking at what somebody shows.

use std::sync::Arc;

use rookery_domain::{FactorState, RecoveryCode, Timestamp, TotpCode, TotpSecret, TotpStep, UserId};

use super::FactorProof;
use crate::ports::{FactorUse, HeldFactors, KeyedDigest, OneTimePasswords, PortError, SealedFactor, Sealer};

/// Tells what a proof would use up. It decides nothing for good: that a code is used once is the condition of whatever it
/// is used for, and stands in the store.
#[derive(Clone)]
pub struct FactorCheck {
    sealer: Arc<dyn Sealer>,
    passwords: Arc<dyn OneTimePasswords>,
    digest: Arc<dyn KeyedDigest>,
    older_digests: Vec<Arc<dyn KeyedDigest>>,
}

impl FactorCheck {
    /// A check with these tools. New recovery codes are kept under `digest`; those kept under one of the older ones go on
    /// working.
    #[must_use]
    pub fn new(
        sealer: Arc<dyn Sealer>,
        passwords: Arc<dyn OneTimePasswords>,
        digest: Arc<dyn KeyedDigest>,
        older_digests: Vec<Arc<dyn KeyedDigest>>,
    ) -> Self {
        Self {
            sealer,
            passwords,
            digest,
            older_digests,
        }
    }

    /// What this proof of this person uses up; `None` when it is wrong, was used before, or there is nothing to prove.
    ///
    /// # Errors
    /// [`PortError`] when the secret does not unseal.
    pub fn used(
        &self,
        user: UserId,
        held: &HeldFactors,
        proof: &FactorProof,
        at: Timestamp,
    ) -> Result<Option<FactorUse>, PortError> {
        let Some(confirmed) = &held.confirmed else {
            return Ok(None);
        };
        match proof {
            FactorProof::RecoveryCode(code) => Ok(Some(FactorUse::RecoveryCode {
                digests: self.digests(user, code),
            })),
            FactorProof::Code(code) => {
                let step = self.step_of(user, confirmed, *code, at)?;
                Ok(step
                    .filter(|step| is_unused(confirmed, *step))
                    .map(|step| FactorUse::Totp {
                        factor: confirmed.factor.id,
                        step,
                    }))
            }
        }
    }

    /// The step whose code this is.
    pub(super) fn step_of(
        &self,
        user: UserId,
        sealed: &SealedFactor,
        code: TotpCode,
        at: Timestamp,
    ) -> Result<Option<TotpStep>, PortError> {
        let plain = self.sealer.open(&sealed.sealed_secret, &context(user))?;
        let bytes = plain
            .try_into()
            .map_err(|_| PortError::broken("factor.unseal", "not the length of a secret"))?;
        Ok(self.passwords.step_of(&code, &TotpSecret::from_bytes(bytes), &at))
    }

    /// A secret that opens only for this person.
    pub(super) fn seal(&self, user: UserId, secret: &TotpSecret) -> Result<Vec<u8>, PortError> {
        self.sealer.seal(secret.as_bytes(), &context(user))
    }

    /// What is kept of a new code.
    pub(super) fn digest(&self, user: UserId, code: &RecoveryCode) -> [u8; 32] {
        self.digest.digest(&of_person(user, code))
    }

    fn digests(&self, user: UserId, code: &RecoveryCode) -> Vec<[u8; 32]> {
        std::iter::once(&self.digest)
            .chain(&self.older_digests)
            .map(|digest| digest.digest(&of_person(user, code)))
            .collect()
    }
}

fn is_unused(factor: &SealedFactor, step: TotpStep) -> bool {
    matches!(factor.factor.state, FactorState::Confirmed { last_step, .. } if last_step < step)
}

/// Where a secret belongs: moved to somebody else's row it does not open.
fn context(user: UserId) -> String {
    format!("{user}/totp")
}

/// A code is worth something for one person alone, even in somebody else's row.
fn of_person(user: UserId, code: &RecoveryCode) -> Vec<u8> {
    [user.as_uuid().as_bytes().as_slice(), code.as_bytes()].concat()
}
