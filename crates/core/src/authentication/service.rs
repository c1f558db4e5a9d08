//! Signing in, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{
    AuditAction, AuditOutcome, AuthMethod, PasswordAttempt, PasswordHash, SessionLifetime, SessionToken, TenantPolicy,
    Timestamp,
};
use tracing::warn;

use super::{Authentication, LogIn, LogInError, LoggedIn};
use crate::ports::{
    AuditLog, Credential, CredentialStore, HasherError, NewSession, PasswordHasher, SignIn, SignInOutcome, Verdict,
};
use crate::{AuditEvent, Mint};

/// [`Authentication`] on top of the ports.
pub struct AuthenticationService {
    /// Where credentials are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Makes ids and tokens.
    pub mint: Mint,
    /// How long a session lives.
    pub lifetime: SessionLifetime,
    /// How long a remembered session lives.
    pub remembered_lifetime: SessionLifetime,
}

#[async_trait]
impl Authentication for AuthenticationService {
    async fn log_in(&self, log_in: LogIn) -> Result<LoggedIn, LogInError> {
        let credential = self.credentials.by_email(&log_in.email).await?;
        let verdict = if let Some(credential) = &credential {
            self.hasher.verify(&log_in.password, &credential.hash).await?
        } else {
            self.hasher.verify_nobody(&log_in.password).await?;
            Verdict::Wrong
        };
        match credential {
            Some(credential) if verdict != Verdict::Wrong && credential.disabled.is_none() => {
                self.open(log_in, credential, verdict).await
            }
            stranger => self.refuse(&log_in, stranger.as_ref()).await,
        }
    }
}

impl AuthenticationService {
    async fn open(&self, log_in: LogIn, credential: Credential, verdict: Verdict) -> Result<LoggedIn, LogInError> {
        let rehash = match verdict {
            Verdict::RightButOutdated => self.hash_anew(&log_in.password).await,
            Verdict::Right | Verdict::Wrong => None,
        };
        let at = self.mint.now();
        let token = self.mint.session_token();
        let sign_in = self.decide(&log_in, &credential, &token, rehash, at);
        let expires = at + sign_in.session.lifetime.absolute;
        match self.credentials.sign_in(&sign_in).await? {
            SignInOutcome::Superseded => self.refuse(&log_in, Some(&credential)).await,
            SignInOutcome::Opened => Ok(LoggedIn {
                user: credential.user,
                email: credential.email,
                name: credential.name,
                token,
                expires,
                remembered: log_in.remember_me,
            }),
        }
    }

    fn decide(
        &self,
        log_in: &LogIn,
        credential: &Credential,
        token: &SessionToken,
        rehash: Option<PasswordHash>,
        at: Timestamp,
    ) -> SignIn {
        let id = self.mint.session_id(at);
        let policy = TenantPolicy::strictest(credential.tenants.iter().filter_map(|(_, policy)| policy.as_ref()));
        let tenant = credential.tenants.first().map(|(tenant, _)| *tenant);
        let lifetime = if log_in.remember_me {
            self.remembered_lifetime
        } else {
            self.lifetime
        };
        SignIn {
            session: NewSession {
                id,
                digest: token.digest(),
                user: credential.user,
                tenant,
                remembered: log_in.remember_me,
                methods: vec![AuthMethod::Password],
                lifetime: lifetime.capped_by(policy.as_ref()),
                caller: log_in.caller.clone(),
            },
            credential_version: credential.version,
            rehash,
            replaces: log_in.held.as_ref().map(SessionToken::digest),
            event: AuditEvent {
                user: Some(credential.user),
                tenant,
                session: Some(id),
                ..self
                    .mint
                    .event(at, AuditAction::LogIn, AuditOutcome::Success, &log_in.caller)
            },
            at,
        }
    }

    async fn refuse(&self, log_in: &LogIn, known: Option<&Credential>) -> Result<LoggedIn, LogInError> {
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
        Err(LogInError::InvalidCredentials)
    }

    /// A better hash is a courtesy: whoever has proved who they are gets in without it.
    async fn hash_anew(&self, password: &PasswordAttempt) -> Option<PasswordHash> {
        match self.hasher.hash(password).await {
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
