//! Second factors, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::second_factor::RECOVERY_CODES;
use rookery_domain::{
    AuditAction, AuditOutcome, AuthMethod, Caller, DeviceId, Factor, RecoveryCode, SessionToken, Timestamp, TotpCode,
    UserId,
};

use super::{Enrolled, Enrolment, FactorCheck, FactorProof, SecondFactorError, SecondFactorStatus, SecondFactors};
use crate::letter::FactorChange;
use crate::ports::{
    Addressee, AppInvitation, AuditLog, CodesRenewal, CredentialStore, DeliveryBell, FactorChangeOutcome,
    FactorConfirmation, FactorRemoval, HeldFactors, NewFactor, NewRecoveryCode, NewUndo, OneTimePasswords,
    OutgoingMail, PortError, SealedFactor, SecondFactorStore, SessionRenewal, SignedIn, TrustWithdrawal, UndoKind,
};
use crate::undo_link::UndoLink;
use crate::{
    AuditEvent, Letter, Mint, PostRoom, ProofAttempt, ProofGuard, Reader, RenewedSession, Standing, require_fresh,
};

/// [`SecondFactors`] on top of the ports.
pub struct SecondFactorService {
    /// What their tenants ask of people.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where factors are kept.
    pub factors: Arc<dyn SecondFactorStore>,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Counts wrong codes.
    pub guard: ProofGuard,
    /// Looks at codes.
    pub check: FactorCheck,
    /// Puts secrets into apps.
    pub passwords: Arc<dyn OneTimePasswords>,
    /// Makes secrets, codes and ids.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl SecondFactors for SecondFactorService {
    async fn status(&self, signed_in: &SignedIn) -> Result<SecondFactorStatus, PortError> {
        let now = self.mint.now();
        let user = signed_in.session.user;
        let HeldFactors {
            confirmed,
            pending,
            recovery_codes,
        } = self.factors.held(&user).await?;
        Ok(SecondFactorStatus {
            confirmed: confirmed.map(|sealed| sealed.factor),
            pending: pending
                .map(|sealed| sealed.factor)
                .filter(|factor| factor.awaits_confirmation(now)),
            recovery_codes,
            trusted_devices: self.factors.trusted_devices(&user, &now).await?,
            required_by: signed_in.session.second_factor_due,
        })
    }

    async fn enrol(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Enrolment, SecondFactorError> {
        let at = self.mint.now();
        require_fresh(&signed_in.session, at)?;
        let user = signed_in.session.user;
        let secret = self.mint.totp_secret();
        let asked = Asked {
            signed_in,
            caller,
            action: AuditAction::FactorBegun,
            at,
        };
        let factor = NewFactor {
            id: self.mint.factor_id(at),
            user,
            sealed_secret: self.check.seal(user, &secret)?,
            event: self.event(&asked, AuditOutcome::Success),
            at,
        };
        let invitation: AppInvitation = self.passwords.invitation(&secret, &signed_in.profile.email)?;
        if !self.factors.enrol(&factor).await? {
            return Err(SecondFactorError::AlreadyEnrolled);
        }
        Ok(Enrolment {
            factor: factor.id,
            secret,
            invitation,
            expires: at + Factor::ENROLMENT_LIFE,
        })
    }

    async fn confirm(
        &self,
        signed_in: &SignedIn,
        held: &SessionToken,
        code: TotpCode,
        caller: &Caller,
    ) -> Result<Enrolled, SecondFactorError> {
        let user = signed_in.session.user;
        let asked = Asked {
            signed_in,
            caller,
            action: AuditAction::FactorAdded,
            at: self.mint.now(),
        };
        let attempt = self.guard.admit(&signed_in.session).await?;
        let pending = match self.waiting(user, asked.at).await {
            Ok(pending) => pending,
            Err(error) => return self.unjudged(&asked, error).await,
        };
        let step = match self.check.step_of(user, &pending, code, asked.at) {
            Ok(Some(step)) => step,
            Ok(None) => return self.wrong(&asked, attempt).await,
            Err(error) => return self.unjudged(&asked, error.into()).await,
        };
        let (codes, kept) = self.new_codes(user, asked.at);
        let (session, renewal) = self.renewed(&asked, held, Some(AuthMethod::Totp));
        let (undo, mail) = self.told(&asked, FactorChange::Added)?;
        let outcome = self
            .factors
            .confirm(&FactorConfirmation {
                factor: pending.factor.id,
                created_after: asked.at - Factor::ENROLMENT_LIFE,
                step,
                codes: kept,
                renewal,
                undo,
                mail,
            })
            .await;
        let outcome = self.outcome(&asked, attempt, outcome).await;
        outcome.map(|()| Enrolled { codes, session })
    }

    async fn remove(
        &self,
        signed_in: &SignedIn,
        held: &SessionToken,
        proof: FactorProof,
        caller: &Caller,
    ) -> Result<RenewedSession, SecondFactorError> {
        let user = signed_in.session.user;
        let asked = Asked {
            signed_in,
            caller,
            action: AuditAction::FactorRemoved,
            at: self.mint.now(),
        };
        require_fresh(&signed_in.session, asked.at)?;
        if self.is_required(user).await? {
            return Err(SecondFactorError::RequiredByTenant);
        }
        let attempt = self.guard.admit(&signed_in.session).await?;
        let shown = match self.used(user, &proof, asked.at).await {
            Ok(Some(shown)) => shown,
            Ok(None) => return self.wrong(&asked, attempt).await,
            Err(error) => return self.unjudged(&asked, error).await,
        };
        let (session, renewal) = self.renewed(&asked, held, None);
        let (undo, mail) = self.told(&asked, FactorChange::Removed)?;
        let outcome = self
            .factors
            .remove(&FactorRemoval {
                used: shown,
                renewal,
                undo,
                mail,
            })
            .await;
        let outcome = self.outcome(&asked, attempt, outcome).await;
        outcome.map(|()| session)
    }

    async fn renew_codes(&self, signed_in: &SignedIn, caller: &Caller) -> Result<Vec<RecoveryCode>, SecondFactorError> {
        let user = signed_in.session.user;
        let asked = Asked {
            signed_in,
            caller,
            action: AuditAction::RecoveryCodesRenewed,
            at: self.mint.now(),
        };
        require_fresh(&signed_in.session, asked.at)?;
        let (codes, kept) = self.new_codes(user, asked.at);
        let (undo, mail) = self.told(&asked, FactorChange::CodesRenewed)?;
        let renewal = CodesRenewal {
            user,
            codes: kept,
            undo,
            mail,
            event: self.event(&asked, AuditOutcome::Success),
            at: asked.at,
        };
        if !self.factors.renew_codes(&renewal).await? {
            return Err(SecondFactorError::NotEnrolled);
        }
        self.bell.ring();
        Ok(codes)
    }

    async fn forget_devices(
        &self,
        signed_in: &SignedIn,
        device: Option<DeviceId>,
        caller: &Caller,
    ) -> Result<(), SecondFactorError> {
        let asked = Asked {
            signed_in,
            caller,
            action: AuditAction::DeviceForgotten,
            at: self.mint.now(),
        };
        let withdrawal = TrustWithdrawal {
            user: signed_in.session.user,
            device,
            event: AuditEvent {
                target: device.map(|device| format!("device:{device}")),
                ..self.event(&asked, AuditOutcome::Success)
            },
            at: asked.at,
        };
        match self.factors.withdraw_trust(&withdrawal).await? {
            0 if device.is_some() => Err(SecondFactorError::NotTrusted),
            _ => Ok(()),
        }
    }
}

/// Who wants what, from where, when.
struct Asked<'a> {
    signed_in: &'a SignedIn,
    caller: &'a Caller,
    action: AuditAction,
    at: Timestamp,
}

impl SecondFactorService {
    async fn waiting(&self, user: UserId, at: Timestamp) -> Result<SealedFactor, SecondFactorError> {
        self.factors
            .held(&user)
            .await?
            .pending
            .filter(|sealed| sealed.factor.awaits_confirmation(at))
            .ok_or(SecondFactorError::NotEnrolled)
    }

    async fn used(
        &self,
        user: UserId,
        proof: &FactorProof,
        at: Timestamp,
    ) -> Result<Option<crate::ports::FactorUse>, SecondFactorError> {
        let held = self.factors.held(&user).await?;
        if held.confirmed.is_none() {
            return Err(SecondFactorError::NotEnrolled);
        }
        Ok(self.check.used(user, &held, proof, at)?)
    }

    /// Whether one of the person's tenants asks for the one they have.
    async fn is_required(&self, user: UserId) -> Result<bool, PortError> {
        let credential = self.credentials.by_user(&user).await?;
        // Whoever has none is told so, and not that it stays.
        let held = credential.filter(|credential| credential.second_factor.is_some());
        let policy = held.and_then(|credential| credential.strictest_policy());
        Ok(policy.is_some_and(|policy| policy.two_factor_required))
    }

    fn new_codes(&self, user: UserId, at: Timestamp) -> (Vec<RecoveryCode>, Vec<NewRecoveryCode>) {
        (0..RECOVERY_CODES)
            .map(|_| {
                let code = self.mint.recovery_code();
                let kept = NewRecoveryCode {
                    id: self.mint.recovery_code_id(at),
                    digest: self.check.digest(user, &code),
                };
                (code, kept)
            })
            .unzip()
    }

    /// The session under a new token, with one more proof if there was one that makes it worth more.
    fn renewed(
        &self,
        asked: &Asked<'_>,
        held: &SessionToken,
        proved: Option<AuthMethod>,
    ) -> (RenewedSession, SessionRenewal) {
        let session = &asked.signed_in.session;
        let token = self.mint.session_token();
        let mut methods = session.methods.clone();
        methods.extend(proved.filter(|method| !session.methods.contains(method)));
        let renewal = SessionRenewal {
            user: session.user,
            session: session.id,
            held: held.digest(),
            new_digest: token.digest(),
            methods,
            event: self.event(asked, AuditOutcome::Success),
            at: asked.at,
        };
        let renewed = RenewedSession {
            token,
            expires: session.expires,
            remembered: session.remembered,
        };
        (renewed, renewal)
    }

    /// The mail that tells the owner, with the link that takes the change back.
    fn told(&self, asked: &Asked<'_>, change: FactorChange) -> Result<(NewUndo, OutgoingMail), PortError> {
        let (user, profile) = (asked.signed_in.session.user, &asked.signed_in.profile);
        let UndoLink { link, undo } = UndoLink::make(
            &self.mint,
            &self.post_room,
            UndoKind::FactorChanged,
            (user, &profile.email),
            asked.at,
        );
        let letter = Letter::SecondFactorChanged {
            name: profile.name.clone(),
            at: asked.at,
            change,
            undo: link,
            expires: undo.expires,
        };
        let to = Addressee::Person {
            user,
            email: profile.email.clone(),
            reader: Reader::from(&profile.preferences),
        };
        let mail = self.post_room.write(&letter, to, asked.at)?;
        Ok((undo, mail))
    }

    /// What a change came to, told the owner, the counters and the log.
    async fn outcome(
        &self,
        asked: &Asked<'_>,
        attempt: ProofAttempt,
        outcome: Result<FactorChangeOutcome, PortError>,
    ) -> Result<(), SecondFactorError> {
        match outcome {
            Ok(FactorChangeOutcome::Changed) => {
                self.guard.right(&asked.signed_in.session).await;
                self.bell.ring();
                Ok(())
            }
            Ok(FactorChangeOutcome::Spent) => self.wrong(asked, attempt).await,
            Ok(FactorChangeOutcome::Superseded) => self.unjudged(asked, SecondFactorError::NotEnrolled).await,
            Ok(FactorChangeOutcome::SessionEnded) => self.unjudged(asked, SecondFactorError::NotSignedIn).await,
            Err(error) => self.unjudged(asked, error.into()).await,
        }
    }

    /// The code was wrong: it counts, and is written down.
    async fn wrong<T>(&self, asked: &Asked<'_>, attempt: ProofAttempt) -> Result<T, SecondFactorError> {
        self.audit.record(&self.event(asked, AuditOutcome::Failure)).await?;
        let session = &asked.signed_in.session;
        Err(match self.guard.wrong(session, attempt, asked.caller).await? {
            Standing::SignedIn => SecondFactorError::WrongCode,
            Standing::SignedOut => SecondFactorError::NotSignedIn,
        })
    }

    /// The code was not looked at: it does not count.
    async fn unjudged<T>(&self, asked: &Asked<'_>, error: SecondFactorError) -> Result<T, SecondFactorError> {
        self.guard.unjudged(&asked.signed_in.session).await;
        Err(error)
    }

    fn event(&self, asked: &Asked<'_>, outcome: AuditOutcome) -> AuditEvent {
        let session = &asked.signed_in.session;
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self.mint.event(asked.at, asked.action, outcome, asked.caller)
        }
    }
}

#[cfg(test)]
mod tests;
