//! Reading and changing a profile, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{
    AuditAction, AuditOutcome, Caller, ConsentSubject, ConsentVersion, Preferences, Profile, ProfileUpdate,
    SessionToken, Violations,
};

use super::{ProfileError, Profiles};
use crate::consents::consent_record;
use crate::ports::{ProfileChange, ProfileStore, SignedIn};
use crate::{AuditEvent, Mint, SessionError, Sessions};

/// [`Profiles`] on top of the ports.
pub struct ProfileService {
    /// Who holds a token.
    pub sessions: Arc<dyn Sessions>,
    /// Where profiles are kept.
    pub profiles: Arc<dyn ProfileStore>,
    /// Makes events.
    pub mint: Mint,
}

#[async_trait]
impl Profiles for ProfileService {
    async fn read(&self, token: &SessionToken) -> Result<Profile, SessionError> {
        Ok(self.sessions.authenticate(token).await?.profile)
    }

    async fn update(
        &self,
        signed_in: &SignedIn,
        update: ProfileUpdate,
        caller: &Caller,
    ) -> Result<Profile, ProfileError> {
        if update.is_empty() {
            return Err(ProfileError::Invalid(Violations::of_whole(
                "At least one field must be provided for update",
            )));
        }
        let at = self.mint.now();
        let session = &signed_in.session;
        let tenant = session.tenant.as_ref().map(|tenant| tenant.id);
        let event = AuditEvent {
            user: Some(session.user),
            tenant,
            session: Some(session.id),
            ..self
                .mint
                .event(at, AuditAction::ProfileUpdate, AuditOutcome::Success, caller)
        };
        let language = signed_in.profile.preferences.language;
        let consent = update.marketing_emails.map(|wanted| {
            let decided = (ConsentSubject::Marketing, ConsentVersion::marketing(), wanted);
            consent_record(&self.mint, (session, language), decided, caller, at)
        });
        let change = ProfileChange {
            user: session.user,
            tenant,
            update,
            defaults: Preferences::default(),
            event,
            consent,
            at,
        };
        self.profiles.apply(&change).await?.ok_or(ProfileError::NotFound)
    }
}

#[cfg(test)]
mod tests;
