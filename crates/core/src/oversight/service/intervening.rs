//! What staff do.

use rookery_domain::{AuditOutcome, Caller, Reason, Timestamp, TokenPurpose, UserId};

use super::super::{Intervened, Intervention, Overseer, OversightError, OversightService, Record, Whom};
use super::because;
use crate::deletion::ErasureDecision;
use crate::ports::{
    AccountIntervention, Credential, ErasureBasis, ErasureSubject, InterventionOutcome, InterventionStep, OutgoingMail,
    PortError,
};
use crate::token_mail::TokenMail;
use crate::{AuditEvent, Letter, Limit};

/// How often something is decided anew because somebody's staff role changed between the decision and the write.
const ATTEMPTS: u32 = 4;

/// What somebody wants done, and what they say to it.
pub(super) struct Wish<'a> {
    pub(super) what: Intervention,
    pub(super) why: Option<Reason>,
    pub(super) confirmation: Option<&'a Whom>,
}

impl OversightService {
    pub(super) async fn change_account(
        &self,
        by: &Overseer,
        whom: &Whom,
        wish: &Wish<'_>,
    ) -> Result<Intervened, OversightError> {
        let user = self.meant(whom).await?;
        let record = || Record {
            action: wish.what.recorded_as(),
            target: user.map(|user| format!("user:{user}")),
            detail: because(wish.why.as_ref()),
        };
        self.allow(by, wish.what.act(), Limit::StaffChangesUser, record())
            .await?;
        by.require_fresh(self.mint.now())?;
        match self.changed(by, user, wish, record).await {
            Err(refusal) => {
                if let Some(because) = told_apart(&refusal) {
                    self.refused(by, record(), because).await?;
                }
                Err(refusal)
            }
            done => done,
        }
    }

    async fn changed(
        &self,
        by: &Overseer,
        user: Option<UserId>,
        wish: &Wish<'_>,
        record: impl Fn() -> Record + Send + Sync,
    ) -> Result<Intervened, OversightError> {
        let what = wish.what;
        let user = user.ok_or(OversightError::NoSuchAccount)?;
        if what.is_weighty() && by.user() == Some(user) {
            return Err(OversightError::Oneself);
        }
        self.require_confirmation(user, wish).await?;
        for _ in 0..ATTEMPTS {
            self.still_staff(by).await?;
            let target_role = self.staff.role_of(&user).await?;
            let outranked = by.standing().is_none_or(|standing| target_role < Some(standing.role));
            if what.is_weighty() && !outranked {
                return Err(OversightError::Protected);
            }
            let person = self.credentials.by_user(&user).await?;
            let person = person.ok_or(OversightError::NoSuchAccount)?;
            let at = self.mint.now();
            let (step, mail) = self.step(wish, &person, at)?;
            let intervention = AccountIntervention {
                whom: user,
                by: by.standing(),
                target_role,
                step,
                mail,
                record: by.record(&self.mint, record(), AuditOutcome::Success, at),
                told: self.told(by, what, user, at),
                at,
            };
            match self.oversight.intervene(&intervention).await? {
                InterventionOutcome::Done { sessions, .. } => {
                    if intervention.mail.is_some() {
                        self.bell.ring();
                    }
                    return Ok(Intervened {
                        user,
                        sessions,
                        receipt: None,
                    });
                }
                InterventionOutcome::Erased(receipt) => {
                    self.bell.ring();
                    return Ok(Intervened {
                        user,
                        sessions: 0,
                        receipt: Some(receipt),
                    });
                }
                InterventionOutcome::Held => return Err(OversightError::Held),
                InterventionOutcome::NotHeld => return Err(OversightError::NotHeld),
                InterventionOutcome::NeedsOwners(stakes) => return Err(OversightError::NeedsOwners(stakes)),
                InterventionOutcome::NoSuchPerson => return Err(OversightError::NoSuchAccount),
                InterventionOutcome::Outdated => {}
            }
        }
        let cause = "roles of the staff changed again and again meanwhile";
        Err(PortError::unavailable("oversight.intervene", cause).into())
    }

    /// Nobody erases an account by a slip: they name it twice, however they do.
    async fn require_confirmation(&self, user: UserId, wish: &Wish<'_>) -> Result<(), OversightError> {
        if wish.what != Intervention::Erase {
            return Ok(());
        }
        let confirmed = match wish.confirmation {
            Some(confirmation) => self.meant(confirmation).await?,
            None => None,
        };
        if confirmed == Some(user) {
            Ok(())
        } else {
            Err(OversightError::NotConfirmed)
        }
    }

    fn told(&self, by: &Overseer, what: Intervention, user: UserId, at: Timestamp) -> Option<AuditEvent> {
        match what {
            Intervention::Erase => None,
            what if what.is_told() => Some(by.told(&self.mint, what.told_as(), user, at)),
            what => Some(by.untold(&self.mint, what.told_as(), user, at)),
        }
    }

    /// Whoever was let in and has another role by now is let in anew by their next request, or not.
    async fn still_staff(&self, by: &Overseer) -> Result<(), OversightError> {
        let Some(standing) = by.standing() else { return Ok(()) };
        let role = self.staff.role_of(&standing.user).await?;
        if role == Some(standing.role) {
            Ok(())
        } else {
            Err(OversightError::NotStaff)
        }
    }

    /// What is to be done, and the mail that goes with it.
    fn step(
        &self,
        wish: &Wish<'_>,
        person: &Credential,
        at: Timestamp,
    ) -> Result<(InterventionStep, Option<OutgoingMail>), OversightError> {
        match wish.what {
            Intervention::Suspend => Ok((InterventionStep::Suspend, None)),
            Intervention::Restore => Ok((InterventionStep::Restore, None)),
            Intervention::EndSessions => {
                let letter = Letter::SessionsEnded {
                    name: person.name.clone(),
                    at,
                    home: self.post_room.links().home(),
                };
                // An account that is shut has no sessions to tell of.
                let mail = self.post_room.write(&letter, person.addressee(), at)?;
                Ok((InterventionStep::EndSessions, Some(mail)))
            }
            Intervention::SendPasswordReset => self.token_mail(TokenPurpose::PasswordReset, person, at),
            Intervention::SendVerification if person.email_verified.is_some() => Err(OversightError::AlreadyVerified),
            Intervention::SendVerification => self.token_mail(TokenPurpose::EmailVerification, person, at),
            Intervention::Hold => {
                let reason = wish.why.clone().ok_or(OversightError::NoReason)?;
                Ok((InterventionStep::Hold(reason), None))
            }
            Intervention::Release => Ok((InterventionStep::Release, None)),
            Intervention::Erase => {
                let deciding = ErasureDecision {
                    mint: &self.mint,
                    throttle: &self.throttle,
                    post_room: &self.post_room,
                };
                let subject = ErasureSubject {
                    user: person.user,
                    email: person.email.clone(),
                    reader: person.reader,
                    name: person.name.clone(),
                    deletion: person.deletion.clone(),
                };
                // Who of the staff it was, and where they sat, is in their log.
                let erasure = deciding.decide(&subject, ErasureBasis::Operator, &Caller::default())?;
                Ok((InterventionStep::Erase(Box::new(erasure)), None))
            }
        }
    }

    fn token_mail(
        &self,
        purpose: TokenPurpose,
        person: &Credential,
        at: Timestamp,
    ) -> Result<(InterventionStep, Option<OutgoingMail>), OversightError> {
        if person.disabled.is_some() {
            return Err(OversightError::Suspended);
        }
        let name = person.name.clone();
        let letter = |link, code, expires| match purpose {
            TokenPurpose::PasswordReset => Letter::ResetPassword {
                name,
                link,
                code,
                expires,
            },
            _ => Letter::VerifyEmail {
                name,
                link,
                code,
                expires,
            },
        };
        let TokenMail { token, mail } =
            TokenMail::write(&self.mint, &self.post_room, purpose, person.addressee(), at, letter)?;
        Ok((InterventionStep::Mail(Box::new(token)), Some(mail)))
    }
}

/// In which word a refusal is written down. What is no refusal of this change to this person is not.
const fn told_apart(error: &OversightError) -> Option<&'static str> {
    match error {
        OversightError::NoSuchAccount => Some("not_there"),
        OversightError::Oneself => Some("oneself"),
        OversightError::Protected => Some("protected"),
        OversightError::Suspended => Some("suspended"),
        OversightError::AlreadyVerified => Some("verified"),
        OversightError::NotConfirmed => Some("not_confirmed"),
        OversightError::Held => Some("held"),
        OversightError::NotHeld => Some("not_held"),
        OversightError::NeedsOwners(_) => Some("needs_owners"),
        _ => None,
    }
}
