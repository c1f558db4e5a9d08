//! Recovery, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::password::PasswordPolicy;
use rookery_domain::{AuditAction, AuditOutcome, Caller, EmailAddress, PasswordHash, TokenDigest, TokenPurpose};
use tracing::warn;

use super::{Recovery, RecoveryError, ResetPassword};
use crate::mail_limit::may_be_mailed;
use crate::mailed_proof::ProofReader;
use crate::passwords::acceptable;
use crate::ports::{
    Addressee, Credential, CredentialStore, DeliveryBell, Lane, PasswordHasher, PasswordReset, PortError, Redemption,
    TokenIssue, TokenRecord, TokenStore, UndoKind,
};
use crate::token_mail::TokenMail;
use crate::undo_link::UndoLink;
use crate::{AuditEvent, Letter, Limit, Mint, PostRoom, Subject, Throttle};

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
    /// Counts the mails an address is sent, and the codes that are tried at it.
    pub throttle: Throttle,
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
        let mailable = may_be_mailed(&self.throttle, email).await?;
        let person = self
            .credentials
            .by_email(email)
            .await?
            .filter(|person| mailable && !person.is_shut(self.mint.now()));
        let at = self.mint.now();
        let to = person.as_ref().map_or(Addressee::Nobody, Credential::addressee);
        let name = person.as_ref().and_then(|person| person.name.clone());
        let TokenMail { token, mail } = TokenMail::write(
            &self.mint,
            &self.post_room,
            TokenPurpose::PasswordReset,
            to,
            at,
            |link, code, expires| Letter::ResetPassword {
                name,
                link,
                code,
                expires,
            },
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
        let reader = ProofReader {
            tokens: self.tokens.as_ref(),
            throttle: &self.throttle,
            codes: self.post_room.codes(),
        };
        let digest = reader
            .token_of(TokenPurpose::PasswordReset, &reset.proof)
            .await?
            .ok_or(RecoveryError::InvalidToken)?;
        let record = self
            .tokens
            .find(&digest)
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
            "newPassword",
        )
        .map_err(RecoveryError::Invalid)?;
        let new_hash = self.hasher.hash(password.as_attempt(), Lane::Known).await?;
        let mailbox = Subject::mailbox(&record.email);
        let reset = self.decide(digest, record, new_hash, &reset.caller)?;
        match self.tokens.reset_password(&reset).await? {
            Redemption::Spent => Err(RecoveryError::InvalidToken),
            Redemption::Redeemed => {
                self.bell.ring();
                self.lift_lock(&mailbox).await;
                Ok(())
            }
        }
    }
}

impl RecoveryService {
    fn decide(
        &self,
        digest: TokenDigest,
        record: TokenRecord,
        new_hash: PasswordHash,
        caller: &Caller,
    ) -> Result<PasswordReset, PortError> {
        let at = self.mint.now();
        let UndoLink { link, undo } = UndoLink::make(
            &self.mint,
            &self.post_room,
            UndoKind::PasswordReset,
            (record.user, &record.email),
            at,
        );
        let to = record.addressee();
        let letter = Letter::PasswordChanged {
            name: record.name,
            at,
            undo: link,
            expires: undo.expires,
        };
        Ok(PasswordReset {
            digest,
            user: record.user,
            new_hash,
            undo,
            mail: self.post_room.write(&letter, to, at)?,
            event: AuditEvent {
                user: Some(record.user),
                ..self
                    .mint
                    .event(at, AuditAction::PasswordReset, AuditOutcome::Success, caller)
            },
            at,
        })
    }

    /// Whoever reads the mailbox is the owner, and would stand before the lock with the new password. That it stays until
    /// it ends harms nobody.
    async fn lift_lock(&self, mailbox: &Subject) {
        if let Err(error) = self.throttle.clear(Limit::LogInAddress, mailbox).await {
            warn!(error = error.chain(), "a lock could not be lifted after a reset");
        }
    }

    fn is_live(&self, record: &TokenRecord) -> bool {
        record.consumed.is_none() && record.disabled.is_none() && self.mint.now() < record.expires
    }
}

#[cfg(test)]
mod tests;
