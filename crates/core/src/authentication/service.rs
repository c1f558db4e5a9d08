//! Signing in, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{
    AuditAction, AuditOutcome, AuthMethod, DeviceToken, PasswordAttempt, PasswordHash, SessionLifetime, SessionToken,
    TenantPolicy, Timestamp,
};
use tracing::warn;

use super::admission::Admission;
use super::notice::{NewDeviceNotice, lock_mail};
use super::{Authentication, LogIn, LogInError, LoggedIn};
use crate::ports::{
    AuditLog, Credential, CredentialStore, DeliveryBell, DeviceStore, DeviceUse, HasherError, Lane, NewDevice,
    NewSession, PasswordHasher, SignIn, SignInOutcome, TokenStore, Verdict,
};
use crate::{AuditEvent, Mint, PostRoom, Throttle};

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
    async fn log_in(&self, log_in: LogIn) -> Result<LoggedIn, LogInError> {
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
            Some(credential) if verdict != Verdict::Wrong && credential.disabled.is_none() => {
                self.open(log_in, credential, verdict, &admission).await
            }
            stranger => self.refuse(&log_in, stranger.as_ref(), &admission).await,
        }
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
    ) -> Result<LoggedIn, LogInError> {
        let rehash = match verdict {
            Verdict::RightButOutdated => self.hash_anew(&log_in.password, admission.lane()).await,
            Verdict::Right | Verdict::Wrong => None,
        };
        let at = self.mint.now();
        let token = self.mint.session_token();
        let (device, device_token) = self.device(&log_in, admission, at);
        let mut sign_in = self.decide(&log_in, &credential, &token, rehash, device, at);
        // The first sign-in is from an unknown device of necessity, and nobody else's.
        if admission.device().is_none() && credential.last_sign_in.is_some() {
            let notice = NewDeviceNotice::write(&self.mint, &self.post_room, &credential, &log_in.caller, at)?;
            sign_in.mail = Some(notice.mail);
            sign_in.undo = Some(notice.undo);
        }
        let expires = at + sign_in.session.lifetime.absolute;
        match self.credentials.sign_in(&sign_in).await? {
            SignInOutcome::Superseded => self.refuse(&log_in, Some(&credential), admission).await,
            SignInOutcome::Opened => {
                admission.was_right().await;
                if sign_in.mail.is_some() {
                    self.bell.ring();
                }
                Ok(LoggedIn {
                    user: credential.user,
                    email: credential.email,
                    name: credential.name,
                    token,
                    expires,
                    remembered: log_in.remember_me,
                    device: device_token,
                })
            }
        }
    }

    /// A known browser keeps its token; another one is given a token of its own, whatever it showed.
    fn device(&self, log_in: &LogIn, admission: &Admission, at: Timestamp) -> (DeviceUse, DeviceToken) {
        match (admission.device(), &log_in.device) {
            (Some(known), Some(token)) => (DeviceUse::Known(known.id), token.clone()),
            (_, shown) => {
                let token = self.mint.device_token();
                let device = NewDevice {
                    id: self.mint.device_id(at),
                    digest: token.digest(),
                    replaces: shown.as_ref().map(DeviceToken::digest),
                };
                (DeviceUse::New(device), token)
            }
        }
    }

    fn decide(
        &self,
        log_in: &LogIn,
        credential: &Credential,
        token: &SessionToken,
        rehash: Option<PasswordHash>,
        device: DeviceUse,
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
            device,
            mail: None,
            undo: None,
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

    /// The same for a wrong password, a shut account and an address that is nobody's: the failure is written, and if it
    /// locked the address, the owner is told, or nobody is at the same cost.
    async fn refuse(
        &self,
        log_in: &LogIn,
        known: Option<&Credential>,
        admission: &Admission,
    ) -> Result<LoggedIn, LogInError> {
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
