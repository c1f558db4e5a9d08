//! Being signed in, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Session, SessionToken, Timestamp};
use tracing::warn;

use super::{SessionError, Sessions};
use crate::ports::{SessionStore, SessionTouch, SignedIn};
use crate::{AuditEvent, Mint};

/// [`Sessions`] on top of the ports.
pub struct SessionService {
    /// Where sessions are kept.
    pub sessions: Arc<dyn SessionStore>,
    /// Tells the time and makes events.
    pub mint: Mint,
}

#[async_trait]
impl Sessions for SessionService {
    async fn authenticate(&self, token: &SessionToken) -> Result<SignedIn, SessionError> {
        let now = self.mint.now();
        let signed_in = self.sessions.resolve(&token.digest(), &now).await?;
        let signed_in = signed_in
            .filter(|found| found.session.is_live(now))
            .ok_or(SessionError::NotSignedIn)?;
        if signed_in.session.is_touch_due(now) {
            self.touch(&signed_in.session, now).await;
        }
        Ok(signed_in)
    }

    async fn log_out(&self, token: &SessionToken, caller: &Caller) -> Result<(), SessionError> {
        let now = self.mint.now();
        let SignedIn { session, .. } = self
            .sessions
            .resolve(&token.digest(), &now)
            .await?
            .ok_or(SessionError::NotSignedIn)?;
        let event = AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self.mint.event(now, AuditAction::LogOut, AuditOutcome::Success, caller)
        };
        if self.sessions.end(&session.id, &event).await? {
            Ok(())
        } else {
            Err(SessionError::NotSignedIn)
        }
    }
}

impl SessionService {
    /// "Last seen" is a courtesy: a reader is not turned away because it could not be written.
    async fn touch(&self, session: &Session, now: Timestamp) {
        let touch = SessionTouch {
            session: session.id,
            user: session.user,
            seen: now,
            idle_expires: (now + session.idle).min(session.expires),
        };
        if let Err(error) = self.sessions.touch(&touch).await {
            warn!(error = error.chain(), "the last use of a session could not be written");
        }
    }
}

#[cfg(test)]
mod tests;
