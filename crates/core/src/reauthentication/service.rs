//! Proving again who one is, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, AuthMethod, Caller, PasswordAttempt, Session};

use super::{Proof, Reauthenticate, Reauthentication, ReauthenticationError};
use crate::ports::{
    AuditLog, CredentialStore, FactorSpending, Lane, PasswordHasher, SecondFactorStore, SessionRenewal, SessionStore,
    SignedIn, Verdict,
};
use crate::proof_guard::{ProofAttempt, ProofGuard, Standing};
use crate::{AuditEvent, FactorCheck, FactorProof, Mint, RenewedSession};

/// [`Reauthentication`] on top of the ports.
pub struct ReauthenticationService {
    /// Where credentials are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where sessions are kept.
    pub sessions: Arc<dyn SessionStore>,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Where second factors are kept.
    pub factors: Arc<dyn SecondFactorStore>,
    /// Looks at second factors.
    pub check: FactorCheck,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Counts the wrong ones.
    pub guard: ProofGuard,
    /// Makes tokens and events.
    pub mint: Mint,
}

#[async_trait]
impl Reauthentication for ReauthenticationService {
    async fn prove(
        &self,
        signed_in: &SignedIn,
        reauthenticate: Reauthenticate,
    ) -> Result<RenewedSession, ReauthenticationError> {
        let session = &signed_in.session;
        let attempt = self.guard.admit(session).await?;
        match self
            .is_right(session, &reauthenticate.proof, &reauthenticate.caller)
            .await
        {
            Ok(true) => {
                self.guard.right(session).await;
                self.renew(session, &reauthenticate).await
            }
            Ok(false) => Err(self.refuse(session, attempt, &reauthenticate.caller).await?),
            Err(error) => {
                self.guard.unjudged(session).await;
                Err(error)
            }
        }
    }
}

impl ReauthenticationService {
    async fn is_right(&self, session: &Session, proof: &Proof, caller: &Caller) -> Result<bool, ReauthenticationError> {
        match proof {
            Proof::Password(password) => self.is_password(session, password).await,
            Proof::SecondFactor(proof) => self.is_second_factor(session, proof, caller).await,
        }
    }

    async fn is_password(&self, session: &Session, password: &PasswordAttempt) -> Result<bool, ReauthenticationError> {
        let credential = self
            .credentials
            .by_user(&session.user)
            .await?
            .ok_or(ReauthenticationError::NotSignedIn)?;
        let verdict = self.hasher.verify(password, &credential.hash, Lane::Known).await?;
        Ok(verdict != Verdict::Wrong)
    }

    /// A code is right if it could be used up.
    async fn is_second_factor(
        &self,
        session: &Session,
        proof: &FactorProof,
        caller: &Caller,
    ) -> Result<bool, ReauthenticationError> {
        let at = self.mint.now();
        let held = self.factors.held(&session.user).await?;
        let Some(used) = self.check.used(session.user, &held, proof, at)? else {
            return Ok(false);
        };
        let event = match proof {
            FactorProof::Code(_) => None,
            FactorProof::RecoveryCode(_) => Some(AuditEvent {
                action: AuditAction::RecoveryCodeUsed,
                ..self.event(session, AuditOutcome::Success, caller)
            }),
        };
        let spending = FactorSpending {
            user: session.user,
            used,
            event,
            at,
        };
        Ok(self.factors.use_up(&spending).await?)
    }

    async fn renew(
        &self,
        session: &Session,
        reauthenticate: &Reauthenticate,
    ) -> Result<RenewedSession, ReauthenticationError> {
        let at = self.mint.now();
        let token = self.mint.session_token();
        let renewal = SessionRenewal {
            user: session.user,
            session: session.id,
            held: reauthenticate.held.digest(),
            new_digest: token.digest(),
            methods: with(&session.methods, reauthenticate.proof.method()),
            event: self.event(session, AuditOutcome::Success, &reauthenticate.caller),
            at,
        };
        if self.sessions.renew(&renewal).await? {
            Ok(RenewedSession {
                token,
                expires: session.expires,
                remembered: session.remembered,
            })
        } else {
            Err(ReauthenticationError::NotSignedIn)
        }
    }

    async fn refuse(
        &self,
        session: &Session,
        attempt: ProofAttempt,
        caller: &Caller,
    ) -> Result<ReauthenticationError, ReauthenticationError> {
        let event = self.event(session, AuditOutcome::Failure, caller);
        self.audit.record(&event).await?;
        Ok(match self.guard.wrong(session, attempt, caller).await? {
            Standing::SignedIn => ReauthenticationError::WrongProof,
            Standing::SignedOut => ReauthenticationError::NotSignedIn,
        })
    }

    fn event(&self, session: &Session, outcome: AuditOutcome, caller: &Caller) -> AuditEvent {
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self
                .mint
                .event(self.mint.now(), AuditAction::Reauthentication, outcome, caller)
        }
    }
}

/// Every method once, in the order in which they were first shown.
fn with(methods: &[AuthMethod], shown: AuthMethod) -> Vec<AuthMethod> {
    let mut methods = methods.to_vec();
    if !methods.contains(&shown) {
        methods.push(shown);
    }
    methods
}

#[cfg(test)]
mod tests;
