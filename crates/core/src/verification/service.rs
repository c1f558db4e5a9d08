//! Verifying an address, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, EmailAddress, TokenPurpose};

use super::{Verification, VerificationError};
use crate::mail_limit::may_be_mailed;
use crate::mailed_proof::ProofReader;
use crate::ports::{
    Addressee, Credential, CredentialStore, DeliveryBell, EmailProof, PortError, Redemption, TokenIssue, TokenStore,
};
use crate::token_mail::TokenMail;
use crate::{AuditEvent, Letter, MailedProof, Mint, PostRoom, Throttle};

/// [`Verification`] on top of the ports.
pub struct VerificationService {
    /// Who has which address.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where tokens are kept.
    pub tokens: Arc<dyn TokenStore>,
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
impl Verification for VerificationService {
    async fn verify(&self, proof: &MailedProof, caller: &Caller) -> Result<EmailAddress, VerificationError> {
        let reader = ProofReader {
            tokens: self.tokens.as_ref(),
            throttle: &self.throttle,
            codes: self.post_room.codes(),
        };
        let digest = reader
            .token_of(TokenPurpose::EmailVerification, proof)
            .await?
            .ok_or(VerificationError::InvalidToken)?;
        let record = self
            .tokens
            .find(&digest)
            .await?
            .ok_or(VerificationError::InvalidToken)?;
        let at = self.mint.now();
        if record.consumed.is_some() {
            return Err(VerificationError::TokenAlreadyUsed);
        }
        if record.expires <= at {
            return Err(VerificationError::TokenExpired);
        }
        let to = record.addressee();
        let welcome = Letter::Welcome {
            name: record.name,
            home: self.post_room.links().home(),
        };
        let proof = EmailProof {
            digest,
            user: record.user,
            mail: record
                .email_verified
                .is_none()
                .then(|| self.post_room.write(&welcome, to, at))
                .transpose()?,
            event: AuditEvent {
                user: Some(record.user),
                ..self
                    .mint
                    .event(at, AuditAction::EmailVerified, AuditOutcome::Success, caller)
            },
            at,
        };
        match self.tokens.prove_email(&proof).await? {
            Redemption::Spent => Err(VerificationError::TokenAlreadyUsed),
            Redemption::Redeemed => {
                self.bell.ring();
                Ok(record.email)
            }
        }
    }

    async fn resend(&self, email: &EmailAddress, caller: &Caller) -> Result<(), PortError> {
        let mailable = may_be_mailed(&self.throttle, email).await?;
        let person = self.credentials.by_email(email).await?;
        let unverified =
            person.filter(|person| mailable && person.email_verified.is_none() && !person.is_shut(self.mint.now()));
        let at = self.mint.now();
        let to = unverified.as_ref().map_or(Addressee::Nobody, Credential::addressee);
        let name = unverified.as_ref().and_then(|person| person.name.clone());
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
        let event = AuditEvent {
            user: unverified.as_ref().map(|person| person.user),
            ..self
                .mint
                .event(at, AuditAction::VerificationRequest, AuditOutcome::Success, caller)
        };
        self.tokens.issue(&TokenIssue { token, mail, event }).await?;
        self.bell.ring();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
