//! Consents, decided.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_domain::{Caller, ConsentSubject, ConsentVersion, Documents, Preferences};

use super::{ConsentChoice, ConsentError, ConsentState, Consents, consent_record};
use crate::Mint;
use crate::ports::{ConsentDecision, ConsentStore, PortError, SignedIn};

/// How many past decisions are shown.
const HISTORY: u32 = 100;

/// [`Consents`] on top of the ports.
pub struct ConsentService {
    /// Where decisions are kept.
    pub consents: Arc<dyn ConsentStore>,
    /// What everybody is asked to agree to.
    pub documents: Documents,
    /// Tells the time, makes ids and events.
    pub mint: Mint,
}

#[async_trait]
impl Consents for ConsentService {
    async fn due(&self, signed_in: &SignedIn) -> Result<Vec<ConsentSubject>, PortError> {
        if self.documents.is_empty() {
            return Ok(Vec::new());
        }
        let latest = self.consents.latest(&signed_in.session.user).await?;
        Ok(self.documents.due(&latest))
    }

    async fn state(&self, signed_in: &SignedIn) -> Result<ConsentState, ConsentError> {
        self.state_with(signed_in, signed_in.profile.preferences.marketing_emails)
            .await
    }

    async fn decide(
        &self,
        signed_in: &SignedIn,
        choice: ConsentChoice,
        caller: &Caller,
    ) -> Result<ConsentState, ConsentError> {
        let at = self.mint.now();
        let who = (&signed_in.session, signed_in.profile.preferences.language);
        let accepted = choice
            .accepted
            .into_iter()
            .map(|(subject, version)| (subject, version, true));
        let marketing = choice
            .marketing
            .map(|wanted| (ConsentSubject::Marketing, ConsentVersion::marketing(), wanted));
        let decision = ConsentDecision {
            user: signed_in.session.user,
            records: accepted
                .chain(marketing)
                .map(|decided| consent_record(&self.mint, who, decided, caller, at))
                .collect(),
            defaults: Preferences::default(),
            at,
        };
        if !self.consents.decide(&decision).await? {
            return Err(ConsentError::NotSignedIn);
        }
        let before = signed_in.profile.preferences.marketing_emails;
        self.state_with(signed_in, choice.marketing.unwrap_or(before)).await
    }
}

impl ConsentService {
    async fn state_with(&self, signed_in: &SignedIn, marketing: bool) -> Result<ConsentState, ConsentError> {
        let user = &signed_in.session.user;
        Ok(ConsentState {
            documents: self.documents.clone(),
            latest: self.consents.latest(user).await?,
            marketing,
            history: self.consents.history(user, HISTORY).await?,
        })
    }
}

#[cfg(test)]
mod tests;
