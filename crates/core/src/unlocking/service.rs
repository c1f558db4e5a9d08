//! Unlocking, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, DeviceToken, OneTimeToken, TokenPurpose};

use super::{Unlock, UnlockError, Unlocked, Unlocking};
use crate::ports::{DeviceStore, DeviceUse, LockLift, NewDevice, Redemption, TokenStore};
use crate::{AuditEvent, Limit, Mint, Subject, Throttle};

/// [`Unlocking`] on top of the ports.
pub struct UnlockingService {
    /// Where tokens are kept.
    pub tokens: Arc<dyn TokenStore>,
    /// Which browsers are known.
    pub devices: Arc<dyn DeviceStore>,
    /// Knows the counter that locks.
    pub throttle: Throttle,
    /// Makes ids and tokens.
    pub mint: Mint,
}

#[async_trait]
impl Unlocking for UnlockingService {
    async fn unlock(&self, unlock: Unlock) -> Result<Unlocked, UnlockError> {
        let token = OneTimeToken::parse(TokenPurpose::Unlock, &unlock.token).ok_or(UnlockError::InvalidToken)?;
        let digest = token.digest();
        let at = self.mint.now();
        let record = self
            .tokens
            .find(&digest)
            .await?
            .filter(|record| record.consumed.is_none() && record.disabled.is_none() && at < record.expires)
            .ok_or(UnlockError::InvalidToken)?;
        let known = match &unlock.device {
            Some(shown) => self.devices.known(&shown.digest(), &record.email).await?,
            None => None,
        };
        let (device, device_token) = match (known, &unlock.device) {
            (Some(known), Some(shown)) => (DeviceUse::Known(known.id), shown.clone()),
            (_, shown) => {
                let token = self.mint.device_token();
                let device = NewDevice {
                    id: self.mint.device_id(at),
                    digest: token.digest(),
                    replaces: shown.as_ref().map(DeviceToken::digest),
                };
                (DeviceUse::New(device), token)
            }
        };
        let lift = LockLift {
            digest,
            user: record.user,
            counter: self
                .throttle
                .counter(Limit::LogInAddress, &Subject::mailbox(&record.email)),
            device,
            event: AuditEvent {
                user: Some(record.user),
                ..self
                    .mint
                    .event(at, AuditAction::Unlocked, AuditOutcome::Success, &unlock.caller)
            },
            at,
        };
        match self.tokens.lift_lock(&lift).await? {
            Redemption::Spent => Err(UnlockError::InvalidToken),
            Redemption::Redeemed => Ok(Unlocked { device: device_token }),
        }
    }
}

#[cfg(test)]
mod tests;
