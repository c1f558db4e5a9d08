//! Changing a password, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::password::PasswordPolicy;
use rookery_domain::{AuditAction, AuditOutcome, DeviceToken, PasswordHash, Violations};

use super::{ChangePassword, ChangePasswordError, Passwords, RenewedSession, acceptable};
use crate::ports::{
    AuditLog, Credential, CredentialStore, DeliveryBell, Lane, PasswordChange, PasswordChangeOutcome, PasswordHasher,
    PortError, SignedIn, UndoKind, Verdict,
};
use crate::undo_link::UndoLink;
use crate::{AuditEvent, Letter, Mint, PostRoom, ProofAttempt, ProofGuard, Standing};

/// [`Passwords`] on top of the ports.
pub struct PasswordService {
    /// Where credentials are kept.
    pub credentials: Arc<dyn CredentialStore>,
    /// Where failures are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Counts wrong passwords, and ends the session after too many.
    pub guard: ProofGuard,
    /// Compares and hashes.
    pub hasher: Arc<dyn PasswordHasher>,
    /// What a password must meet.
    pub policy: PasswordPolicy,
    /// Makes ids and tokens.
    pub mint: Mint,
    /// Writes the mail.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Passwords for PasswordService {
    async fn change(
        &self,
        signed_in: &SignedIn,
        change: ChangePassword,
    ) -> Result<RenewedSession, ChangePasswordError> {
        // Bad input is told before the current password is checked.
        if change.new_password.as_attempt().is_same_as(&change.current_password) {
            let same = Violations::of("newPassword", "New password must be different from current password");
            return Err(ChangePasswordError::Invalid(same));
        }
        let credential = self
            .credentials
            .by_user(&signed_in.session.user)
            .await?
            .ok_or(ChangePasswordError::NotSignedIn)?;
        let names = [
            credential.name.as_deref(),
            credential.given_name.as_deref(),
            credential.family_name.as_deref(),
        ];
        let policies: Vec<_> = credential
            .tenants
            .iter()
            .filter_map(|(_, policy)| policy.clone())
            .collect();
        let new_password = acceptable(
            &self.policy,
            &policies,
            change.new_password.as_attempt(),
            &credential.email,
            names,
            "newPassword",
        )
        .map_err(ChangePasswordError::Invalid)?;

        let attempt = self.guard.admit(&signed_in.session).await?;
        let verdict = self
            .hasher
            .verify(&change.current_password, &credential.hash, Lane::Known)
            .await;
        match verdict {
            Ok(Verdict::Wrong) => return self.refuse(signed_in, &change, attempt).await,
            Ok(_) => self.guard.right(&signed_in.session).await,
            Err(error) => {
                self.guard.unjudged(&signed_in.session).await;
                return Err(error.into());
            }
        }
        let new_hash = self.hasher.hash(new_password.as_attempt(), Lane::Known).await?;
        self.commit(signed_in, &change, credential, new_hash).await
    }
}

impl PasswordService {
    async fn commit(
        &self,
        signed_in: &SignedIn,
        change: &ChangePassword,
        credential: Credential,
        new_hash: PasswordHash,
    ) -> Result<RenewedSession, ChangePasswordError> {
        let session = &signed_in.session;
        let at = self.mint.now();
        let token = self.mint.session_token();
        let UndoLink { link, undo } = UndoLink::make(
            &self.mint,
            &self.post_room,
            UndoKind::PasswordChanged,
            (session.user, &credential.email),
            at,
        );
        let to = credential.addressee();
        let letter = Letter::PasswordChanged {
            name: credential.name,
            at,
            undo: link,
            expires: undo.expires,
        };
        let outcome = self
            .credentials
            .change_password(&PasswordChange {
                user: session.user,
                session: session.id,
                new_digest: token.digest(),
                credential_version: credential.version,
                new_hash,
                device: change.device.as_ref().map(DeviceToken::digest),
                undo,
                mail: self.post_room.write(&letter, to, at)?,
                event: self.event(signed_in, change, AuditOutcome::Success),
                at,
            })
            .await?;
        match outcome {
            PasswordChangeOutcome::Superseded => {
                self.record_failure(signed_in, change).await?;
                Err(ChangePasswordError::WrongPassword)
            }
            PasswordChangeOutcome::SessionEnded => Err(ChangePasswordError::NotSignedIn),
            PasswordChangeOutcome::Changed => {
                self.bell.ring();
                Ok(RenewedSession {
                    token,
                    expires: session.expires,
                    remembered: session.remembered,
                })
            }
        }
    }

    async fn refuse(
        &self,
        signed_in: &SignedIn,
        change: &ChangePassword,
        attempt: ProofAttempt,
    ) -> Result<RenewedSession, ChangePasswordError> {
        self.record_failure(signed_in, change).await?;
        match self.guard.wrong(&signed_in.session, attempt, &change.caller).await? {
            Standing::SignedIn => Err(ChangePasswordError::WrongPassword),
            Standing::SignedOut => Err(ChangePasswordError::NotSignedIn),
        }
    }

    async fn record_failure(&self, signed_in: &SignedIn, change: &ChangePassword) -> Result<(), PortError> {
        self.audit
            .record(&self.event(signed_in, change, AuditOutcome::Failure))
            .await
    }

    fn event(&self, signed_in: &SignedIn, change: &ChangePassword, outcome: AuditOutcome) -> AuditEvent {
        let session = &signed_in.session;
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self
                .mint
                .event(self.mint.now(), AuditAction::PasswordChange, outcome, &change.caller)
        }
    }
}

#[cfg(test)]
mod tests;
