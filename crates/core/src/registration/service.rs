//! Signing up, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Consent, PasswordHash, Preferences, Timestamp, TokenPurpose};
use serde_json::Value;

use super::{Registered, Registration, RegistrationError, SignUp};
use crate::consents::sign_up_consents;
use crate::mail_limit::may_be_mailed;
use crate::ports::{
    AccountStore, AddressHolder, Addressee, Admission, DeliveryBell, Lane, NewAccount, NewTenant, OutgoingMail,
    PasswordHasher,
};
use crate::token_mail::TokenMail;
use crate::{Letter, Mint, PostRoom, Reader, Throttle};

/// [`Registration`] on top of the ports.
pub struct RegistrationService {
    /// Where accounts are kept.
    pub accounts: Arc<dyn AccountStore>,
    /// Hashes the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Counts the mails an address is sent.
    pub throttle: Throttle,
    /// Makes ids and the token.
    pub mint: Mint,
    /// Writes the verification mail.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Registration for RegistrationService {
    async fn register(&self, sign_up: SignUp) -> Result<Registered, RegistrationError> {
        // The answer tells anyway, so a taken address does not cost a hash. Whether the address is free is decided by `admit`.
        if self.accounts.is_taken(&sign_up.email).await? {
            return Err(RegistrationError::EmailTaken);
        }
        let password_hash = self.hasher.hash(sign_up.password.as_attempt(), Lane::Stranger).await?;
        let account = self.decide(&sign_up, password_hash)?;
        match self.accounts.admit(&account).await? {
            Admission::EmailTaken => Err(RegistrationError::EmailTaken),
            Admission::Admitted => {
                self.bell.ring();
                let name = sign_up.name.map(|name| name.as_str().to_owned());
                Ok(Registered {
                    user: account.user,
                    email: sign_up.email,
                    name,
                })
            }
        }
    }

    async fn register_discreetly(&self, sign_up: SignUp) -> Result<(), RegistrationError> {
        // Counted for every address, and minded for taken ones alone: a new account's first mail is always sent.
        let mailable = may_be_mailed(&self.throttle, &sign_up.email).await?;
        let holder = self.accounts.holder(&sign_up.email, &self.mint.now()).await?;
        let password_hash = self.hasher.hash(sign_up.password.as_attempt(), Lane::Stranger).await?;
        let account = self.decide(&sign_up, password_hash)?;
        // Written for a free address, too: the work must not tell what the answer does not.
        let notice = self.notice(holder.as_ref(), mailable, account.at)?;
        let taken_by = match holder {
            Some(holder) => Some((Some(holder), notice)),
            None => match self.accounts.admit_discreetly(&account).await? {
                Admission::Admitted => None,
                Admission::EmailTaken => {
                    // Somebody was faster. Now the address has an owner like any other.
                    let holder = self.accounts.holder(&sign_up.email, &self.mint.now()).await?;
                    let notice = self.notice(holder.as_ref(), mailable, account.at)?;
                    Some((holder, notice))
                }
            },
        };
        if let Some((holder, notice)) = taken_by {
            let feigned = self.feigned(&sign_up, account, holder.as_ref(), notice);
            self.accounts.feign(&feigned).await?;
        }
        self.bell.ring();
        Ok(())
    }
}

impl RegistrationService {
    /// The mail to whoever has the address, or to nobody.
    fn notice(
        &self,
        holder: Option<&AddressHolder>,
        mailable: bool,
        at: Timestamp,
    ) -> Result<OutgoingMail, RegistrationError> {
        let holder = holder.filter(|_| mailable);
        let to = holder.map_or(Addressee::Nobody, AddressHolder::addressee);
        let letter = Letter::AlreadyRegistered {
            name: holder.and_then(|holder| holder.name.clone()),
            home: self.post_room.links().home(),
            recover: self.post_room.links().forgot_password(),
        };
        Ok(self.post_room.write(&letter, to, at)?)
    }

    /// The account that will not be made, with the mail to the one who has the address instead of the one that verifies it.
    fn feigned(
        &self,
        sign_up: &SignUp,
        account: NewAccount,
        holder: Option<&AddressHolder>,
        mail: OutgoingMail,
    ) -> NewAccount {
        let event = crate::AuditEvent {
            user: holder.map(|holder| holder.user),
            detail: account.event.detail.clone(),
            ..self
                .mint
                .event(account.at, AuditAction::SignUp, AuditOutcome::Failure, &sign_up.caller)
        };
        NewAccount { mail, event, ..account }
    }

    fn decide(&self, sign_up: &SignUp, password_hash: PasswordHash) -> Result<NewAccount, RegistrationError> {
        let at = self.mint.now();
        let user = self.mint.user_id(at);
        let tenant = sign_up.company_name.clone().map(|name| NewTenant {
            id: self.mint.tenant_id(at),
            name,
        });
        let mut preferences = Preferences::chosen(sign_up.language, sign_up.timezone);
        if sign_up.consents.marketing == Some(true) {
            preferences.get_or_insert_with(Preferences::default).marketing_emails = true;
        }
        let to = Addressee::Person {
            user,
            email: sign_up.email.clone(),
            reader: preferences.as_ref().map(Reader::from).unwrap_or_default(),
        };
        let name = sign_up.name.as_ref().map(ToString::to_string);
        let TokenMail { token, mail } = TokenMail::write(
            &self.mint,
            &self.post_room,
            TokenPurpose::EmailVerification,
            to,
            at,
            |link, code, expires| Letter::VerifyEmail {
                name,
                link,
                code,
                expires,
            },
        )?;
        let language = sign_up.language.unwrap_or_default();
        let consents = sign_up_consents(&self.mint, &sign_up.consents, language, &sign_up.caller, at);
        let event = crate::AuditEvent {
            user: Some(user),
            tenant: tenant.as_ref().map(|tenant| tenant.id),
            detail: detail(sign_up, &consents),
            ..self
                .mint
                .event(at, AuditAction::SignUp, AuditOutcome::Success, &sign_up.caller)
        };
        Ok(NewAccount {
            user,
            email: sign_up.email.clone(),
            name: sign_up.name.clone(),
            given_name: sign_up.given_name.clone(),
            family_name: sign_up.family_name.clone(),
            password_hash,
            preferences,
            consents,
            tenant,
            verification: token,
            mail,
            event,
            at,
        })
    }
}

/// What the event says beside the account: nothing where nothing was agreed to.
fn detail(sign_up: &SignUp, consents: &[Consent]) -> Option<Value> {
    let mut detail = serde_json::Map::new();
    if let Some(accepted) = sign_up.accept_terms {
        detail.insert("acceptTerms".to_owned(), accepted.into());
    }
    if !consents.is_empty() {
        let versions = consents
            .iter()
            .map(|consent| (consent.subject.as_str().to_owned(), consent.version.as_str().into()));
        detail.insert("consents".to_owned(), Value::Object(versions.collect()));
    }
    (!detail.is_empty()).then_some(Value::Object(detail))
}

#[cfg(test)]
mod tests;
