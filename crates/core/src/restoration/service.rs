//! Restoration, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, OneTimeToken, TokenPurpose};
use serde_json::json;

use super::{Restoration, RestorationError};
use crate::ports::{Addressee, DeliveryBell, UndoOutcome, UndoRecord, UndoStore, Undoing};
use crate::token_mail::TokenMail;
use crate::{AuditEvent, Letter, Mint, PostRoom};

/// [`Restoration`] on top of the ports.
pub struct RestorationService {
    /// Where the ways back are kept.
    pub undos: Arc<dyn UndoStore>,
    /// Makes ids and tokens.
    pub mint: Mint,
    /// Writes the mail.
    pub post_room: PostRoom,
    /// Wakes the delivery worker.
    pub bell: Arc<dyn DeliveryBell>,
}

#[async_trait]
impl Restoration for RestorationService {
    async fn undo(&self, token: &str, caller: &Caller) -> Result<(), RestorationError> {
        let token = OneTimeToken::parse(TokenPurpose::Undo, token).ok_or(RestorationError::InvalidToken)?;
        let record = self
            .undos
            .find(&token.digest())
            .await?
            .filter(|record| self.is_live(record))
            .ok_or(RestorationError::InvalidToken)?;
        let at = self.mint.now();
        let to = Addressee::Person {
            user: record.user,
            email: record.email,
            reader: record.reader,
        };
        let name = record.name;
        let TokenMail { token: reset, mail } = TokenMail::write(
            &self.mint,
            &self.post_room,
            TokenPurpose::PasswordReset,
            to,
            at,
            |link, code, expires| Letter::ChangeUndone {
                name,
                link,
                code,
                expires,
            },
        )?;
        let undoing = Undoing {
            digest: token.digest(),
            user: record.user,
            reset,
            mail,
            event: AuditEvent {
                user: Some(record.user),
                detail: Some(json!({ "change": record.kind.as_str() })),
                ..self.mint.event(at, AuditAction::Undone, AuditOutcome::Success, caller)
            },
            at,
        };
        match self.undos.undo(&undoing).await? {
            UndoOutcome::Spent => Err(RestorationError::InvalidToken),
            UndoOutcome::Undone => {
                self.bell.ring();
                Ok(())
            }
        }
    }
}

impl RestorationService {
    fn is_live(&self, record: &UndoRecord) -> bool {
        record.disabled.is_none() && self.mint.now() < record.expires
    }
}

#[cfg(test)]
mod tests;
