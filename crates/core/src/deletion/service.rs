//! Deletion, decided.

mod erasing;
mod operating;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use rookery_domain::{AuditAction, AuditOutcome, Caller, OneTimeToken, Timestamp, TokenPurpose, UserId};

use super::kept::{Kept, turn};
use super::proof::{Asked, Judgement};
use super::{
    Deletion, DeletionOutlook, DeletionScheduled, Erased, KeepAccountError, OperateError, RequestDeletion,
    RequestDeletionError,
};
use crate::ports::{
    AuditLog, Credential, CredentialStore, DeletionRequest, DeletionRequestOutcome, DeletionStore, DeliveryBell,
    ErasureReceipt, FactorUse, PasswordHasher, PortError, SecondFactorStore, SignedIn, StakeFate, TenantStake,
    TokenStore,
};
use crate::tenants::{ATTEMPTS, again_and_again};
use crate::token_mail::TokenMail;
use crate::{AuditEvent, FactorCheck, Letter, Mint, PostRoom, ProofAttempt, ProofGuard, Standing, Throttle};

/// [`Deletion`] on top of the ports.
pub struct DeletionService {
    /// Where deletions are kept, and done.
    pub deletions: Arc<dyn DeletionStore>,
    /// Where credentials are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where mailed tokens are kept.
    pub tokens: Arc<dyn TokenStore>,
    /// Where second factors are kept.
    pub factors: Arc<dyn SecondFactorStore>,
    /// Looks at second factors.
    pub check: FactorCheck,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Counts wrong proofs.
    pub guard: ProofGuard,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Knows what counters call a person.
    pub throttle: Throttle,
    /// Tells the time, makes ids and tokens.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
    /// How long an account waits for its deletion.
    pub grace: Duration,
    /// How long an account that nobody verifies may stay unused; `None` for ever.
    pub unverified_expiry: Option<Duration>,
}

#[async_trait]
impl Deletion for DeletionService {
    async fn outlook(&self, signed_in: &SignedIn) -> Result<DeletionOutlook, RequestDeletionError> {
        let user = signed_in.session.user;
        let credential = self.credential(&user).await?;
        let asked = Asked::of(&credential);
        Ok(DeletionOutlook {
            tenants: self.deletions.stakes(&user).await?,
            grace: self.grace,
            scheduled: credential.deletion.map(|deletion| deletion.due),
            needs_password: asked.password,
            needs_second_factor: asked.second_factor,
        })
    }

    async fn request(
        &self,
        signed_in: &SignedIn,
        request: RequestDeletion,
    ) -> Result<DeletionScheduled, RequestDeletionError> {
        let user = signed_in.session.user;
        let closing = self.closing(&user, request.close_tenants).await?;
        let credential = self.credential(&user).await?;
        Asked::of(&credential).require(signed_in, &request, self.mint.now())?;
        let attempt = self.guard.admit(&signed_in.session).await?;
        match self.judge(&credential, &request, self.mint.now()).await {
            Ok(Judgement::Right(factor)) => {
                self.guard.right(&signed_in.session).await;
                self.commit(signed_in, &request, &credential, (factor, closing)).await
            }
            Ok(Judgement::WrongPassword) => {
                let wrong = RequestDeletionError::WrongPassword;
                self.refuse(signed_in, &request.caller, attempt, wrong).await
            }
            Ok(Judgement::WrongCode) => {
                let wrong = RequestDeletionError::WrongCode;
                self.refuse(signed_in, &request.caller, attempt, wrong).await
            }
            Err(error) => {
                self.guard.unjudged(&signed_in.session).await;
                Err(error.into())
            }
        }
    }

    async fn keep(&self, token: &str, caller: &Caller) -> Result<(), KeepAccountError> {
        let token = OneTimeToken::parse(TokenPurpose::KeepAccount, token).ok_or(KeepAccountError::InvalidToken)?;
        let at = self.mint.now();
        let record = self
            .tokens
            .find(&token.digest())
            .await?
            .filter(|record| record.consumed.is_none() && record.disabled.is_none() && at < record.expires)
            .ok_or(KeepAccountError::InvalidToken)?;
        let subject = self.deletions.subject(&record.user).await?;
        let deletion = subject
            .and_then(|subject| subject.deletion)
            .filter(|deletion| at < deletion.due)
            .ok_or(KeepAccountError::InvalidToken)?;
        let kept = Kept {
            mint: &self.mint,
            post_room: &self.post_room,
            caller,
            at,
        };
        let keeping = kept.decide(&deletion, record.user, record.addressee(), record.name)?;
        if self.deletions.keep(&token.digest(), &keeping).await? {
            self.bell.ring();
            Ok(())
        } else {
            Err(KeepAccountError::InvalidToken)
        }
    }

    async fn erase_due(&self) -> Result<Erased, PortError> {
        self.erase_all_due().await
    }

    async fn replay(&self, user: &UserId) -> Result<Option<ErasureReceipt>, OperateError> {
        self.erase_again(user).await
    }

    async fn receipts(&self, most: u64) -> Result<Vec<ErasureReceipt>, PortError> {
        self.deletions.receipts(most).await
    }
}

impl DeletionService {
    async fn credential(&self, user: &UserId) -> Result<Credential, RequestDeletionError> {
        let credential = self.credentials.by_user(user).await?;
        credential.ok_or(RequestDeletionError::NotSignedIn)
    }

    /// The tenants that close, if every tenant may be left as it would be.
    async fn closing(&self, user: &UserId, may_close: bool) -> Result<Vec<TenantStake>, RequestDeletionError> {
        let stakes = self.deletions.stakes(user).await?;
        let in_the_way = |stake: &&TenantStake| match stake.fate {
            StakeFate::GoesOn => false,
            StakeFate::NeedsOwner => true,
            StakeFate::Closes => !may_close,
        };
        let in_the_way: Vec<TenantStake> = stakes.iter().filter(in_the_way).cloned().collect();
        if in_the_way.is_empty() {
            let closes = |stake: &TenantStake| stake.fate == StakeFate::Closes;
            Ok(stakes.into_iter().filter(closes).collect())
        } else {
            Err(RequestDeletionError::SoleOwner(in_the_way))
        }
    }

    async fn commit(
        &self,
        signed_in: &SignedIn,
        request: &RequestDeletion,
        credential: &Credential,
        (used, mut closing): (Option<FactorUse>, Vec<TenantStake>),
    ) -> Result<DeletionScheduled, RequestDeletionError> {
        for _ in 0..ATTEMPTS {
            let decided = self.decide(signed_in, request, credential, (used.clone(), &closing))?;
            match self.deletions.request(&decided).await? {
                DeletionRequestOutcome::Requested => {
                    self.bell.ring();
                    return Ok(DeletionScheduled { due: decided.due });
                }
                DeletionRequestOutcome::Superseded => {
                    self.record_failure(signed_in, &request.caller).await?;
                    return Err(RequestDeletionError::WrongPassword);
                }
                DeletionRequestOutcome::CodeSpent => {
                    self.record_failure(signed_in, &request.caller).await?;
                    return Err(RequestDeletionError::WrongCode);
                }
                DeletionRequestOutcome::SessionEnded => return Err(RequestDeletionError::NotSignedIn),
                DeletionRequestOutcome::Outdated => {
                    closing = self.closing(&signed_in.session.user, request.close_tenants).await?;
                }
            }
        }
        Err(again_and_again("deletions.request").into())
    }

    fn decide(
        &self,
        signed_in: &SignedIn,
        request: &RequestDeletion,
        credential: &Credential,
        (factor, closing): (Option<FactorUse>, &[TenantStake]),
    ) -> Result<DeletionRequest, PortError> {
        let (user, at) = (signed_in.session.user, self.mint.now());
        let due = at + self.grace;
        let name = credential.name.clone();
        let TokenMail { token, mail } = TokenMail::write_until(
            &self.mint,
            &self.post_room,
            (TokenPurpose::KeepAccount, due),
            credential.addressee(),
            at,
            |link, _, expires| Letter::DeletionScheduled {
                name,
                at,
                link,
                expires,
            },
        )?;
        let close = |stake: &TenantStake| {
            let closed = AuditAction::TenantClosed;
            turn(&self.mint, closed, (user, stake.tenant), &request.caller, at)
        };
        Ok(DeletionRequest {
            user,
            by: signed_in.session.id,
            credential_version: credential.version,
            used: factor,
            closing: closing.iter().map(close).collect(),
            reason: request.reason.clone(),
            due,
            token,
            mail,
            event: self.event(signed_in, AuditOutcome::Success, &request.caller, at),
            at,
        })
    }

    async fn refuse(
        &self,
        signed_in: &SignedIn,
        caller: &Caller,
        attempt: ProofAttempt,
        wrong: RequestDeletionError,
    ) -> Result<DeletionScheduled, RequestDeletionError> {
        self.record_failure(signed_in, caller).await?;
        match self.guard.wrong(&signed_in.session, attempt, caller).await? {
            Standing::SignedIn => Err(wrong),
            Standing::SignedOut => Err(RequestDeletionError::NotSignedIn),
        }
    }

    async fn record_failure(&self, signed_in: &SignedIn, caller: &Caller) -> Result<(), PortError> {
        let event = self.event(signed_in, AuditOutcome::Failure, caller, self.mint.now());
        self.audit.record(&event).await
    }

    fn event(&self, signed_in: &SignedIn, outcome: AuditOutcome, caller: &Caller, at: Timestamp) -> AuditEvent {
        let session = &signed_in.session;
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self.mint.event(at, AuditAction::DeletionRequested, outcome, caller)
        }
    }
}

#[cfg(test)]
mod tests;
