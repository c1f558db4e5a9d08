//! The second step of a sign-in, decided.

use rookery_domain::second_factor::{DEVICE_TRUST, FEW_RECOVERY_CODES};
use rookery_domain::{AuditAction, AuditOutcome, AuthMethod, PasswordHash, Timestamp};
use tracing::warn;

use super::opening::{Opened, Opening};
use super::{AuthenticationService, LogIn, LoggedIn, ProveSecondFactor, SecondFactorLogInError, SecondFactorRequired};
use crate::ports::{
    CountedAttempt, Credential, FactorUse, KnownDevice, NewChallenge, OutgoingMail, PortError, SecondFactorOutcome,
    SecondFactorSignIn,
};
use crate::throttling::{Limit, Subject};
use crate::{AuditEvent, FactorProof, Letter};

/// By what a code is counted. A browser in which the second factor was shown, be it to set it up, has its own count, so that
/// nobody who has found the password out can shut the owner out with wrong codes. One that only came in before has shown no
/// code yet: whoever had found the password out in time might hold many of those, and guess on each.
fn counted_as(credential: &Credential, device: Option<&KnownDevice>) -> Subject {
    let has_shown_one = |known: &&KnownDevice| credential.second_factor.is_some_and(|since| since <= known.last_used);
    device
        .filter(has_shown_one)
        .map_or(Subject::User(credential.user), |known| Subject::Device(known.id))
}

/// Somebody whose second factor is right, and what it is right for.
struct Waiting<'a> {
    attempt: &'a CountedAttempt,
    credential: &'a Credential,
    device: Option<&'a KnownDevice>,
    codes_left: u64,
    at: Timestamp,
}

impl AuthenticationService {
    /// Whether the password alone opens a session.
    pub(super) fn asks_for_second_factor(credential: &Credential, device: Option<&KnownDevice>, at: Timestamp) -> bool {
        let is_trusted = device
            .and_then(|device| device.trusted_until)
            .is_some_and(|until| at < until);
        credential.second_factor.is_some() && !is_trusted
    }

    /// Has a sign-in whose password was right wait. No session is opened, and the one this browser holds is left alone.
    pub(super) async fn ask_for_second_factor(
        &self,
        log_in: &LogIn,
        credential: &Credential,
        rehash: Option<PasswordHash>,
        at: Timestamp,
    ) -> Result<SecondFactorRequired, PortError> {
        let token = self.mint.challenge_token();
        let expires = at + NewChallenge::LIFE;
        let challenge = NewChallenge {
            id: self.mint.challenge_id(at),
            user: credential.user,
            digest: token.digest(),
            credential_version: credential.version,
            rehash,
            remembered: log_in.remember_me,
            created: at,
            expires,
            event: AuditEvent {
                user: Some(credential.user),
                tenant: credential.tenants.first().map(|(tenant, _)| *tenant),
                ..self.mint.event(
                    at,
                    AuditAction::SecondFactorAsked,
                    AuditOutcome::Success,
                    &log_in.caller,
                )
            },
        };
        self.factors.challenge(&challenge).await?;
        Ok(SecondFactorRequired {
            token,
            expires,
            methods: vec![AuthMethod::Totp, AuthMethod::RecoveryCode],
        })
    }

    pub(super) async fn second_step(&self, proved: ProveSecondFactor) -> Result<LoggedIn, SecondFactorLogInError> {
        let at = self.mint.now();
        let attempt = self
            .factors
            .count_attempt(&proved.challenge.digest(), &at)
            .await?
            .ok_or(SecondFactorLogInError::ChallengeEnded)?;
        let Some(credential) = self.still(&attempt).await? else {
            return Err(SecondFactorLogInError::ChallengeEnded);
        };
        let device = self.device_of(&credential, &proved).await?;
        let subject = counted_as(&credential, device.as_ref());
        self.throttle.take(Limit::SecondFactorUser, &subject).await?;
        let held = self.factors.held(&attempt.user).await?;
        let Some(used) = self.check.used(attempt.user, &held, &proved.proof, at)? else {
            return self.refuse_second_factor(&attempt, &credential, &proved, at).await;
        };
        let waiting = Waiting {
            attempt: &attempt,
            credential: &credential,
            device: device.as_ref(),
            codes_left: held.recovery_codes,
            at,
        };
        let (sign_in, logged_in) = self.complete(&waiting, used, &proved)?;
        match self.factors.sign_in(&sign_in).await? {
            SecondFactorOutcome::Superseded => Err(SecondFactorLogInError::ChallengeEnded),
            SecondFactorOutcome::Spent => self.refuse_second_factor(&attempt, &credential, &proved, at).await,
            SecondFactorOutcome::Opened => {
                if let Err(error) = self.throttle.clear(Limit::SecondFactorUser, &subject).await {
                    warn!(
                        error = error.chain(),
                        "a count of wrong second factors could not be cleared"
                    );
                }
                if sign_in.mail.is_some() || sign_in.sign_in.mail.is_some() || sign_in.sign_in.keeping.is_some() {
                    self.bell.ring();
                }
                Ok(logged_in)
            }
        }
    }

    /// The person, if the password that was checked still is theirs and the account is open.
    async fn still(&self, attempt: &CountedAttempt) -> Result<Option<Credential>, PortError> {
        let credential = self.credentials.by_user(&attempt.user).await?;
        Ok(credential
            .filter(|found| found.version == attempt.credential_version && !found.is_shut(self.mint.now()))
            .filter(|found| found.second_factor.is_some()))
    }

    async fn device_of(
        &self,
        credential: &Credential,
        proved: &ProveSecondFactor,
    ) -> Result<Option<KnownDevice>, PortError> {
        let Some(shown) = &proved.device else { return Ok(None) };
        let known = self.devices.known(&shown.digest(), &credential.email).await?;
        Ok(known.filter(|known| known.user == credential.user))
    }

    fn complete(
        &self,
        waiting: &Waiting<'_>,
        used: FactorUse,
        proved: &ProveSecondFactor,
    ) -> Result<(SecondFactorSignIn, LoggedIn), PortError> {
        let Waiting {
            attempt,
            credential,
            at,
            ..
        } = *waiting;
        let Opened { sign_in, logged_in } = self.opener().open(Opening {
            credential,
            credential_version: attempt.credential_version,
            methods: vec![AuthMethod::Password, proved.proof.method()],
            rehash: None,
            remembered: attempt.remembered,
            held: proved.held.as_ref(),
            shown: proved.device.as_ref(),
            device: waiting.device,
            caller: &proved.caller,
            at,
        })?;
        let about = |action| AuditEvent {
            action,
            ..self.event_of(&sign_in.event, proved, at)
        };
        let mut events = Vec::new();
        let mut mail = None;
        if let FactorProof::RecoveryCode(_) = proved.proof {
            events.push(about(AuditAction::RecoveryCodeUsed));
            mail = self.warning(credential, waiting.codes_left.saturating_sub(1), at)?;
        }
        if proved.trust_device {
            events.push(about(AuditAction::DeviceTrusted));
        }
        let sign_in = SecondFactorSignIn {
            challenge: attempt.challenge,
            used,
            sign_in,
            trusted_until: proved.trust_device.then(|| at + DEVICE_TRUST),
            mail,
            events,
        };
        Ok((sign_in, logged_in))
    }

    /// An event of its own beside that of the sign-in, about the same person in the same session.
    fn event_of(&self, sign_in: &AuditEvent, proved: &ProveSecondFactor, at: Timestamp) -> AuditEvent {
        AuditEvent {
            user: sign_in.user,
            tenant: sign_in.tenant,
            session: sign_in.session,
            ..self
                .mint
                .event(at, AuditAction::SecondFactor, AuditOutcome::Success, &proved.caller)
        }
    }

    /// The mail that warns of few recovery codes, when they are few.
    fn warning(&self, credential: &Credential, left: u64, at: Timestamp) -> Result<Option<OutgoingMail>, PortError> {
        if left > FEW_RECOVERY_CODES {
            return Ok(None);
        }
        let letter = Letter::RecoveryCodesLow {
            name: credential.name.clone(),
            at,
            left,
            home: self.post_room.links().home(),
        };
        self.post_room.write(&letter, credential.addressee(), at).map(Some)
    }

    async fn refuse_second_factor(
        &self,
        attempt: &CountedAttempt,
        credential: &Credential,
        proved: &ProveSecondFactor,
        at: Timestamp,
    ) -> Result<LoggedIn, SecondFactorLogInError> {
        let event = AuditEvent {
            user: Some(credential.user),
            tenant: credential.tenants.first().map(|(tenant, _)| *tenant),
            ..self
                .mint
                .event(at, AuditAction::SecondFactor, AuditOutcome::Failure, &proved.caller)
        };
        self.audit.record(&event).await?;
        if attempt.attempt < NewChallenge::ATTEMPTS {
            Err(SecondFactorLogInError::WrongCode)
        } else {
            Err(SecondFactorLogInError::ChallengeEnded)
        }
    }
}
