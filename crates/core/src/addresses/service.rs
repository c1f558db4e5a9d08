//! Changes of address, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{
    AuditAction, AuditOutcome, Caller, EmailAddress, OneTimeToken, Timestamp, TokenPurpose, Violations,
};
use serde_json::json;

use super::{Addresses, ChangeEmail, ChangeEmailError, ConfirmEmailError};
use crate::ports::{
    AccountStore, AddressHolder, AddressStore, Addressee, AuditLog, Credential, CredentialStore, DeliveryBell,
    EmailChange, EmailChangeOutcome, EmailChangeRequest, EmailChangeRequestOutcome, Lane, OutgoingMail, PasswordHasher,
    PendingEmailChange, PortError, SignedIn, UndoKind, Verdict,
};
use crate::token_mail::TokenMail;
use crate::undo_link::UndoLink;
use crate::{AuditEvent, Letter, Limit, Mint, PostRoom, ProofAttempt, ProofGuard, Standing, Subject, Throttle};

/// [`Addresses`] on top of the ports.
pub struct AddressService {
    /// Where addresses are kept.
    pub addresses: Arc<dyn AddressStore>,
    /// Who has an address that is taken.
    pub accounts: Arc<dyn AccountStore>,
    /// Where credentials are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Counts wrong passwords.
    pub guard: ProofGuard,
    /// Counts mails.
    pub throttle: Throttle,
    /// Whether nobody may learn that an address is taken, as at sign-up: then whoever has it gets a mail instead.
    pub discreet: bool,
    /// Makes ids and tokens.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Addresses for AddressService {
    async fn request(&self, signed_in: &SignedIn, change: ChangeEmail) -> Result<(), ChangeEmailError> {
        if change.new_email == signed_in.profile.email {
            let same = Violations::of("newEmail", "New email must be different");
            return Err(ChangeEmailError::Invalid(same));
        }
        let credential = self.proved(signed_in, &change).await?;
        let at = self.mint.now();
        let user = signed_in.session.user;
        let is_taken = self.addresses.is_taken(&change.new_email, &user, &at).await?;
        if is_taken && !self.discreet {
            return Err(ChangeEmailError::EmailTaken);
        }
        // Nobody is to be flooded with mails by somebody who has an account.
        let mailbox = Subject::mailbox(&change.new_email);
        self.throttle.take(Limit::MailAddress, &mailbox).await?;
        let request = self.decide(signed_in, &change, &credential, is_taken, at).await?;
        match self.addresses.request(&request).await? {
            EmailChangeRequestOutcome::Superseded => {
                self.fail(signed_in, &change.caller).await?;
                Err(ChangeEmailError::WrongPassword)
            }
            EmailChangeRequestOutcome::SessionEnded => Err(ChangeEmailError::NotSignedIn),
            EmailChangeRequestOutcome::Pending => {
                self.bell.ring();
                Ok(())
            }
        }
    }

    async fn cancel(&self, signed_in: &SignedIn, caller: &Caller) -> Result<(), PortError> {
        let event = self.event(
            signed_in,
            AuditAction::EmailChangeCancelled,
            AuditOutcome::Success,
            caller,
        );
        self.addresses.cancel(&signed_in.session.user, &event).await?;
        Ok(())
    }

    async fn confirm(&self, token: &str, caller: &Caller) -> Result<EmailAddress, ConfirmEmailError> {
        let token = OneTimeToken::parse(TokenPurpose::EmailChange, token).ok_or(ConfirmEmailError::InvalidToken)?;
        let at = self.mint.now();
        let pending = self
            .addresses
            .find(&token.digest())
            .await?
            .filter(|pending| pending.disabled.is_none() && at < pending.expires)
            .ok_or(ConfirmEmailError::InvalidToken)?;
        let change = self.confirmed(&token, &pending, caller, at)?;
        match self.addresses.confirm(&change).await? {
            EmailChangeOutcome::Spent => Err(ConfirmEmailError::InvalidToken),
            EmailChangeOutcome::EmailTaken => Err(ConfirmEmailError::EmailTaken),
            EmailChangeOutcome::Changed => {
                self.bell.ring();
                Ok(pending.to)
            }
        }
    }
}

impl AddressService {
    /// The credential, once the password has proved right.
    async fn proved(&self, signed_in: &SignedIn, change: &ChangeEmail) -> Result<Credential, ChangeEmailError> {
        let session = &signed_in.session;
        let credential = self
            .credentials
            .by_user(&session.user)
            .await?
            .ok_or(ChangeEmailError::NotSignedIn)?;
        let attempt = self.guard.admit(session).await?;
        match self
            .hasher
            .verify(&change.password, &credential.hash, Lane::Known)
            .await
        {
            Ok(Verdict::Wrong) => Err(self.refuse(signed_in, &change.caller, attempt).await?),
            Ok(Verdict::Right | Verdict::RightButOutdated) => {
                self.guard.right(session).await;
                Ok(credential)
            }
            Err(error) => {
                self.guard.unjudged(session).await;
                Err(error.into())
            }
        }
    }

    async fn decide(
        &self,
        signed_in: &SignedIn,
        change: &ChangeEmail,
        credential: &Credential,
        is_taken: bool,
        at: Timestamp,
    ) -> Result<EmailChangeRequest, ChangeEmailError> {
        let (user, name) = (signed_in.session.user, credential.name.clone());
        let to = |email: &EmailAddress| Addressee::Person {
            user,
            email: email.clone(),
            reader: credential.reader,
        };
        let TokenMail { mut token, mail } = TokenMail::write(
            &self.mint,
            &self.post_room,
            TokenPurpose::EmailChange,
            to(&change.new_email),
            at,
            |link, _, expires| Letter::ConfirmNewEmail {
                name: name.clone(),
                link,
                expires,
            },
        )?;
        // Mailed to the new address, it dies with the old one.
        token.owner = Some((user, credential.email.clone()));
        let notice = Letter::EmailChangeRequested {
            name,
            at,
            new_email: change.new_email.as_str().to_owned(),
            recover: self.post_room.links().forgot_password(),
        };
        // Looked up and written for a free address, too: the work must not tell what the answer does not.
        let instead = if self.discreet {
            Some(self.instead_of_a_confirmation(&change.new_email, at).await?)
        } else {
            None
        };
        Ok(EmailChangeRequest {
            user,
            session: signed_in.session.id,
            to: change.new_email.clone(),
            credential_version: credential.version,
            token,
            confirmation: instead.filter(|_| is_taken).unwrap_or(mail),
            notice: self.post_room.write(&notice, to(&credential.email), at)?,
            event: self.event(
                signed_in,
                AuditAction::EmailChangeRequest,
                AuditOutcome::Success,
                &change.caller,
            ),
            at,
        })
    }

    /// What whoever has the address gets. The token of the request is in no mail, so nobody can ever confirm it.
    async fn instead_of_a_confirmation(&self, email: &EmailAddress, at: Timestamp) -> Result<OutgoingMail, PortError> {
        let holder = self.accounts.holder(email, &at).await?;
        let name = holder.as_ref().and_then(|holder| holder.name.clone());
        let to = holder.as_ref().map_or(Addressee::Nobody, AddressHolder::addressee);
        let letter = Letter::AlreadyRegistered {
            name,
            home: self.post_room.links().home(),
            recover: self.post_room.links().forgot_password(),
        };
        self.post_room.write(&letter, to, at)
    }

    fn confirmed(
        &self,
        token: &OneTimeToken,
        pending: &PendingEmailChange,
        caller: &Caller,
        at: Timestamp,
    ) -> Result<EmailChange, PortError> {
        let user = pending.user;
        let UndoLink { link, undo } = UndoLink::make(
            &self.mint,
            &self.post_room,
            UndoKind::EmailChanged,
            (user, &pending.from),
            at,
        );
        let notice = Letter::EmailChanged {
            name: pending.name.clone(),
            at,
            new_email: pending.to.as_str().to_owned(),
            undo: link,
            expires: undo.expires,
        };
        let welcome = Letter::NewEmailConfirmed {
            name: pending.name.clone(),
            home: self.post_room.links().home(),
        };
        let to = |email: &EmailAddress| Addressee::Person {
            user,
            email: email.clone(),
            reader: pending.reader,
        };
        Ok(EmailChange {
            digest: token.digest(),
            user,
            to: pending.to.clone(),
            undo,
            notice: self.post_room.write(&notice, to(&pending.from), at)?,
            welcome: self.post_room.write(&welcome, to(&pending.to), at)?,
            event: AuditEvent {
                user: Some(user),
                detail: Some(json!({ "from": pending.from.as_str(), "to": pending.to.as_str() })),
                ..self
                    .mint
                    .event(at, AuditAction::EmailChanged, AuditOutcome::Success, caller)
            },
            at,
        })
    }

    async fn refuse(
        &self,
        signed_in: &SignedIn,
        caller: &Caller,
        attempt: ProofAttempt,
    ) -> Result<ChangeEmailError, PortError> {
        self.fail(signed_in, caller).await?;
        Ok(match self.guard.wrong(&signed_in.session, attempt, caller).await? {
            Standing::SignedIn => ChangeEmailError::WrongPassword,
            Standing::SignedOut => ChangeEmailError::NotSignedIn,
        })
    }

    async fn fail(&self, signed_in: &SignedIn, caller: &Caller) -> Result<(), PortError> {
        let event = self.event(
            signed_in,
            AuditAction::EmailChangeRequest,
            AuditOutcome::Failure,
            caller,
        );
        self.audit.record(&event).await
    }

    fn event(&self, signed_in: &SignedIn, action: AuditAction, outcome: AuditOutcome, caller: &Caller) -> AuditEvent {
        let session = &signed_in.session;
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self.mint.event(self.mint.now(), action, outcome, caller)
        }
    }
}

#[cfg(test)]
mod tests;
