//! Recovery, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::password::PasswordPolicy;
use rookery_domain::{AuditAction, AuditOutcome, Caller, EmailAddress, OneTimeToken, TokenPurpose};

use super::{Recovery, RecoveryError, ResetPassword};
use crate::passwords::acceptable;
use crate::ports::{
    Addressee, CredentialStore, DeliveryBell, PasswordHasher, PasswordReset, PortError, Redemption, TokenIssue,
    TokenRecord, TokenStore,
};
use crate::token_mail::TokenMail;
use crate::{AuditEvent, Letter, Mint, PostRoom};

/// [`Recovery`] on top of the ports.
pub struct RecoveryService {
    /// Who has which address.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where tokens are kept.
    pub tokens: Arc<dyn TokenStore>,
    /// Hashes the new password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// What a password must meet.
    pub policy: PasswordPolicy,
    /// Makes ids and tokens.
    pub mint: Mint,
    /// Writes the mails.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Recovery for RecoveryService {
    async fn request(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError> {
        let person = self
            .credentials
            .by_email(email)
            .await?
            .filter(|person| person.disabled.is_none());
        let at = self.mint.now();
        let (to, name) = match &person {
            Some(person) => (
                Addressee::Person {
                    user: person.user,
                    email: person.email.clone(),
                },
                person.name.clone(),
            ),
            None => (Addressee::Nobody, None),
        };
        let TokenMail { token, mail } = TokenMail::write(
            &self.mint,
            &self.post_room,
            TokenPurpose::PasswordReset,
            to,
            at,
            |link, expires| Letter::ResetPassword { name, link, expires },
        )?;
        let event = AuditEvent {
            user: person.map(|person| person.user),
            ..self
                .mint
                .event(at, AuditAction::PasswordResetRequest, AuditOutcome::Success, caller)
        };
        self.tokens.issue(&TokenIssue { token, mail, event }).await?;
        self.bell.ring();
        Ok(())
    }

    async fn reset(&self, reset: ResetPassword) -> Result<(), RecoveryError> {
        let token =
            OneTimeToken::parse(TokenPurpose::PasswordReset, &reset.token).ok_or(RecoveryError::InvalidToken)?;
        let record = self
            .tokens
            .find(&token.digest())
            .await?
            .filter(|record| self.is_live(record))
            .ok_or(RecoveryError::InvalidToken)?;
        let names = [
            record.name.as_deref(),
            record.given_name.as_deref(),
            record.family_name.as_deref(),
        ];
        let password = acceptable(
            &self.policy,
            &record.policies,
            reset.new_password.as_attempt(),
            &record.email,
            names,
        )
        .map_err(RecoveryError::Invalid)?;
        let new_hash = self.hasher.hash(password.as_attempt()).await?;
        let at = self.mint.now();
        let letter = Letter::PasswordChanged {
            name: record.name,
            at,
            recover: self.post_room.links().forgot_password(),
        };
        let to = Addressee::Person {
            user: record.user,
            email: record.email,
        };
        let reset = PasswordReset {
            digest: token.digest(),
            user: record.user,
            new_hash,
            mail: self.post_room.write(&letter, to, at)?,
            event: AuditEvent {
                user: Some(record.user),
                ..self
                    .mint
                    .event(at, AuditAction::PasswordReset, AuditOutcome::Success, &reset.caller)
            },
            at,
        };
        match self.tokens.reset_password(&reset).await? {
            Redemption::Spent => Err(RecoveryError::InvalidToken),
            Redemption::Redeemed => {
                self.bell.ring();
                Ok(())
            }
        }
    }
}

impl RecoveryService {
    fn is_live(&self, record: &TokenRecord) -> bool {
        record.consumed.is_none() && record.disabled.is_none() && self.mint.now() < record.expires
    }
}

#[cfg(test)]
mod tests;
