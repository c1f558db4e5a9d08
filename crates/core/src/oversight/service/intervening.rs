//! What staff do.

use rookery_domain::{AuditOutcome, Reason, Timestamp, TokenPurpose, UserId};

use super::super::{Intervened, Intervention, Overseer, OversightError, OversightService, Record, Whom};
use super::because;
use crate::ports::{
    AccountIntervention, Addressee, Credential, InterventionOutcome, InterventionStep, OutgoingMail, PortError,
};
use crate::token_mail::TokenMail;
use crate::{Letter, Limit};

/// How often something is decided anew because somebody's staff role changed between the decision and the write.
const ATTEMPTS: u32 = 4;

impl OversightService {
    pub(super) async fn change_account(
        &self,
        by: &Overseer,
        whom: &Whom,
        what: Intervention,
        why: Option<Reason>,
    ) -> Result<Intervened, OversightError> {
        let user = self.meant(whom).await?;
        let record = || Record {
            action: what.recorded_as(),
            target: user.map(|user| format!("user:{user}")),
            detail: because(why.as_ref()),
        };
        self.allow(by, what.act(), Limit::StaffChangesUser, record()).await?;
        by.require_fresh(self.mint.now())?;
        match self.changed(by, user, what, record).await {
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
        what: Intervention,
        record: impl Fn() -> Record + Send + Sync,
    ) -> Result<Intervened, OversightError> {
        let user = user.ok_or(OversightError::NoSuchAccount)?;
        if what.is_weighty() && by.user() == Some(user) {
            return Err(OversightError::Oneself);
        }
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
            let (step, mail) = self.step(what, &person, at)?;
            let intervention = AccountIntervention {
                whom: user,
                by: by.standing(),
                target_role,
                step,
                mail,
                record: by.record(&self.mint, record(), AuditOutcome::Success, at),
                told: by.told(&self.mint, what.told_as(), user, at),
                at,
            };
            match self.oversight.intervene(&intervention).await? {
                InterventionOutcome::Done { sessions, .. } => {
                    if intervention.mail.is_some() {
                        self.bell.ring();
                    }
                    return Ok(Intervened { user, sessions });
                }
                InterventionOutcome::NoSuchPerson => return Err(OversightError::NoSuchAccount),
                InterventionOutcome::Outdated => {}
            }
        }
        let cause = "roles of the staff changed again and again meanwhile";
        Err(PortError::unavailable("oversight.intervene", cause).into())
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
        what: Intervention,
        person: &Credential,
        at: Timestamp,
    ) -> Result<(InterventionStep, Option<OutgoingMail>), OversightError> {
        match what {
            Intervention::Suspend => Ok((InterventionStep::Suspend, None)),
            Intervention::Restore => Ok((InterventionStep::Restore, None)),
            Intervention::EndSessions => {
                let letter = Letter::SessionsEnded {
                    name: person.name.clone(),
                    at,
                    home: self.post_room.links().home(),
                };
                // An account that is shut has no sessions to tell of.
                let mail = self.post_room.write(&letter, addressee(person), at)?;
                Ok((InterventionStep::EndSessions, Some(mail)))
            }
            Intervention::SendPasswordReset => self.token_mail(TokenPurpose::PasswordReset, person, at),
            Intervention::SendVerification if person.email_verified.is_some() => Err(OversightError::AlreadyVerified),
            Intervention::SendVerification => self.token_mail(TokenPurpose::EmailVerification, person, at),
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
            TokenMail::write(&self.mint, &self.post_room, purpose, addressee(person), at, letter)?;
        Ok((InterventionStep::Mail(Box::new(token)), Some(mail)))
    }
}

fn addressee(person: &Credential) -> Addressee {
    Addressee::Person {
        user: person.user,
        email: person.email.clone(),
        reader: person.reader,
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
        _ => None,
    }
}
