//! Being signed in, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{AuditAction, AuditOutcome, Caller, Session, SessionId, SessionToken, Timestamp};
use tracing::warn;

use super::{EndSessionError, EndedSession, SessionError, Sessions};
use crate::ports::{
    ListedSession, PortError, RevocationOutcome, Revoked, SessionRevocation, SessionStore, SessionTouch, SignedIn,
};
use crate::{AuditEvent, Mint, require_fresh};

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
        let event = self.event(&session, AuditAction::LogOut, caller, now);
        if self.sessions.end(&session.id, &event).await? {
            Ok(())
        } else {
            Err(SessionError::NotSignedIn)
        }
    }

    async fn list(&self, signed_in: &SignedIn) -> Result<Vec<ListedSession>, PortError> {
        self.sessions.list(&signed_in.session.user, &self.mint.now()).await
    }

    async fn end(
        &self,
        signed_in: &SignedIn,
        session: &SessionId,
        caller: &Caller,
    ) -> Result<EndedSession, EndSessionError> {
        if *session == signed_in.session.id {
            let event = self.event(&signed_in.session, AuditAction::LogOut, caller, self.mint.now());
            return if self.sessions.end(session, &event).await? {
                Ok(EndedSession::Current)
            } else {
                Err(EndSessionError::NotSignedIn)
            };
        }
        match self.revoke(&signed_in.session, Revoked::One(*session), caller).await? {
            0 => Err(EndSessionError::NoSuchSession),
            _ => Ok(EndedSession::Other),
        }
    }

    async fn end_others(&self, signed_in: &SignedIn, caller: &Caller) -> Result<u64, EndSessionError> {
        self.revoke(&signed_in.session, Revoked::AllOthers, caller).await
    }
}

impl SessionService {
    /// Ends others, from this session, and says how many.
    async fn revoke(&self, by: &Session, revoked: Revoked, caller: &Caller) -> Result<u64, EndSessionError> {
        let now = self.mint.now();
        require_fresh(by, now)?;
        let (action, target) = match revoked {
            Revoked::One(session) => (AuditAction::SessionEnded, Some(format!("session:{session}"))),
            Revoked::AllOthers => (AuditAction::OtherSessionsEnded, None),
        };
        let revocation = SessionRevocation {
            user: by.user,
            by: by.id,
            revoked,
            event: AuditEvent {
                target,
                ..self.event(by, action, caller, now)
            },
            at: now,
        };
        match self.sessions.revoke(&revocation).await? {
            RevocationOutcome::Ended(ended) => Ok(ended),
            RevocationOutcome::NotSignedIn => Err(EndSessionError::NotSignedIn),
        }
    }

    /// Something done from this session.
    fn event(&self, session: &Session, action: AuditAction, caller: &Caller, at: Timestamp) -> AuditEvent {
        AuditEvent {
            user: Some(session.user),
            tenant: session.tenant.as_ref().map(|tenant| tenant.id),
            session: Some(session.id),
            ..self.mint.event(at, action, AuditOutcome::Success, caller)
        }
    }

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
