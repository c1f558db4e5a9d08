//! Signing in, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, AuthMethod, PasswordAttempt, PasswordHash, SessionLifetime};
use tracing::warn;

use super::admission::Admission;
use super::notice::lock_mail;
use super::opening::{Opened, Opener, Opening};
use super::{Authentication, LogIn, LogInError, LogInOutcome, LoggedIn, ProveSecondFactor, SecondFactorLogInError};
use crate::ports::{
    AuditLog, Credential, CredentialStore, DeliveryBell, DeviceStore, HasherError, Lane, PasswordHasher,
    SecondFactorStore, SignInOutcome, TokenStore, Verdict,
};
use crate::{AuditEvent, FactorCheck, Mint, PostRoom, Throttle};

/// [`Authentication`] on top of the ports.
pub struct AuthenticationService {
    /// Where credentials are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Which browsers are known.
    pub devices: Arc<dyn DeviceStore>,
    /// Where the tokens that lift locks are kept.
    pub tokens: Arc<dyn TokenStore>,
    /// Where second factors are kept, and the sign-ins that wait for one.
    pub factors: Arc<dyn SecondFactorStore>,
    /// Looks at second factors.
    pub check: FactorCheck,
    /// Counts attempts.
    pub throttle: Throttle,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Makes ids and tokens.
    pub mint: Mint,
    /// Writes the mails of locks and of unknown devices.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
    /// How long a session lives.
    pub lifetime: SessionLifetime,
    /// How long a remembered session lives.
    pub remembered_lifetime: SessionLifetime,
}

#[async_trait]
impl Authentication for AuthenticationService {
    async fn log_in(&self, log_in: LogIn) -> Result<LogInOutcome, LogInError> {
        let admission = Admission::ask(&self.throttle, self.devices.as_ref(), &log_in).await?;
        let credential = self.credentials.by_email(&log_in.email).await?;
        let verdict = match self.verdict(&log_in, credential.as_ref(), admission.lane()).await {
            Ok(verdict) => verdict,
            Err(HasherError::Busy) => {
                admission.did_not_happen().await;
                return Err(LogInError::Busy);
            }
            Err(error) => return Err(error.into()),
        };
        match credential {
            Some(credential)
                if verdict != Verdict::Wrong && credential.disabled.is_none() && admission.counts_for(&credential) =>
            {
                self.open(log_in, credential, verdict, &admission).await
            }
            stranger => self.refuse(&log_in, stranger.as_ref(), &admission).await,
        }
    }

    async fn prove_second_factor(&self, proved: ProveSecondFactor) -> Result<LoggedIn, SecondFactorLogInError> {
        self.second_step(proved).await
    }
}

impl AuthenticationService {
    /// One hash, whoever is asked for.
    async fn verdict(
        &self,
        log_in: &LogIn,
        credential: Option<&Credential>,
        lane: Lane,
    ) -> Result<Verdict, HasherError> {
        if let Some(credential) = credential {
            self.hasher.verify(&log_in.password, &credential.hash, lane).await
        } else {
            self.hasher.verify_nobody(&log_in.password, lane).await?;
            Ok(Verdict::Wrong)
        }
    }

    async fn open(
        &self,
        log_in: LogIn,
        credential: Credential,
        verdict: Verdict,
        admission: &Admission,
    ) -> Result<LogInOutcome, LogInError> {
        let rehash = match verdict {
            Verdict::RightButOutdated => self.hash_anew(&log_in.password, admission.lane()).await,
            Verdict::Right | Verdict::Wrong => None,
        };
        let at = self.mint.now();
        if Self::asks_for_second_factor(&credential, admission.device(), at) {
            let required = self.ask_for_second_factor(&log_in, &credential, rehash, at).await?;
            admission.was_right().await;
            return Ok(LogInOutcome::SecondFactorRequired(required));
        }
        let Opened { sign_in, logged_in } = self.opener().open(Opening {
            credential: &credential,
            credential_version: credential.version,
            methods: vec![AuthMethod::Password],
            rehash,
            remembered: log_in.remember_me,
            held: log_in.held.as_ref(),
            shown: log_in.device.as_ref(),
            device: admission.device(),
            caller: &log_in.caller,
            at,
        })?;
        match self.credentials.sign_in(&sign_in).await? {
            SignInOutcome::Superseded => self.refuse(&log_in, Some(&credential), admission).await,
            SignInOutcome::Opened => {
                admission.was_right().await;
                if sign_in.mail.is_some() {
                    self.bell.ring();
                }
                Ok(LogInOutcome::LoggedIn(logged_in))
            }
        }
    }

    pub(super) const fn opener(&self) -> Opener<'_> {
        Opener {
            mint: &self.mint,
            post_room: &self.post_room,
            lifetime: self.lifetime,
            remembered_lifetime: self.remembered_lifetime,
        }
    }

    /// The same for a wrong password, a shut account and an address that is nobody's: the failure is written, and if it
    /// locked the address, the owner is told, or nobody is at the same cost.
    async fn refuse(
        &self,
        log_in: &LogIn,
        known: Option<&Credential>,
        admission: &Admission,
    ) -> Result<LogInOutcome, LogInError> {
        let event = AuditEvent {
            user: known.map(|credential| credential.user),
            ..self.mint.event(
                self.mint.now(),
                AuditAction::LogIn,
                AuditOutcome::Failure,
                &log_in.caller,
            )
        };
        self.audit.record(&event).await?;
        if admission.locks() {
            let issue = lock_mail(&self.mint, &self.post_room, known, &log_in.caller)?;
            self.tokens.issue(&issue).await?;
            self.bell.ring();
        }
        Err(LogInError::InvalidCredentials)
    }

    /// A better hash is a courtesy: whoever has proved who they are gets in without it.
    async fn hash_anew(&self, password: &PasswordAttempt, lane: Lane) -> Option<PasswordHash> {
        match self.hasher.hash(password, lane).await {
            Ok(hash) => Some(hash),
            Err(HasherError::Busy) => None,
            Err(HasherError::Port(error)) => {
                warn!(error = error.chain(), "an outdated password hash could not be renewed");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
