//! Makes ids, tokens and audit events from time and chance.

use std::sync::Arc;

use rookery_domain::id::IdEntropy;
use rookery_domain::mailed_code::MailedCodeEntropy;
use rookery_domain::second_factor::{RecoveryCodeEntropy, TotpEntropy};
use rookery_domain::token::TokenEntropy;
use rookery_domain::{
    Actor, AuditAction, AuditOutcome, Caller, ChallengeId, ChallengeToken, ConsentId, DeviceId, DeviceToken, ErasureId,
    EventId, ExportId, FactorId, InvitationId, MailId, MailedCode, OneTimeToken, RecoveryCode, RecoveryCodeId,
    SessionId, SessionToken, TenantId, Timestamp, TokenId, TokenPurpose, TotpSecret, UndoId, UserId, WebhookId,
    WebhookSecret, WorkerId,
};

use crate::AuditEvent;
use crate::ports::{Clock, Entropy};

/// The one place where the services get new things from.
#[derive(Clone)]
pub struct Mint {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Mint {
    /// A mint that strikes from this clock and this entropy.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }

    /// This moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new person.
    #[must_use]
    pub fn user_id(&self, at: Timestamp) -> UserId {
        UserId::new(at, &self.id_entropy())
    }

    /// A new invitation.
    #[must_use]
    pub fn invitation_id(&self, at: Timestamp) -> InvitationId {
        InvitationId::new(at, &self.id_entropy())
    }

    /// A new tenant.
    #[must_use]
    pub fn tenant_id(&self, at: Timestamp) -> TenantId {
        TenantId::new(at, &self.id_entropy())
    }

    /// A new session.
    #[must_use]
    pub fn session_id(&self, at: Timestamp) -> SessionId {
        SessionId::new(at, &self.id_entropy())
    }

    /// A new one-time token's name.
    #[must_use]
    pub fn token_id(&self, at: Timestamp) -> TokenId {
        TokenId::new(at, &self.id_entropy())
    }

    /// A new mail.
    #[must_use]
    pub fn mail_id(&self, at: Timestamp) -> MailId {
        MailId::new(at, &self.id_entropy())
    }

    /// A new known device.
    #[must_use]
    pub fn device_id(&self, at: Timestamp) -> DeviceId {
        DeviceId::new(at, &self.id_entropy())
    }

    /// A new second factor.
    #[must_use]
    pub fn factor_id(&self, at: Timestamp) -> FactorId {
        FactorId::new(at, &self.id_entropy())
    }

    /// A new authenticator app's secret.
    #[must_use]
    pub fn totp_secret(&self) -> TotpSecret {
        let mut bytes = TotpEntropy::default();
        self.entropy.fill(&mut bytes);
        TotpSecret::from_bytes(bytes)
    }

    /// A new recovery code.
    #[must_use]
    pub fn recovery_code(&self) -> RecoveryCode {
        let mut bytes = RecoveryCodeEntropy::default();
        self.entropy.fill(&mut bytes);
        RecoveryCode::from_entropy(bytes)
    }

    /// A new code beside a mailed link.
    #[must_use]
    pub fn mailed_code(&self) -> MailedCode {
        let mut bytes = MailedCodeEntropy::default();
        self.entropy.fill(&mut bytes);
        MailedCode::from_entropy(bytes)
    }

    /// A new recovery code's name.
    #[must_use]
    pub fn recovery_code_id(&self, at: Timestamp) -> RecoveryCodeId {
        RecoveryCodeId::new(at, &self.id_entropy())
    }

    /// A new sign-in that waits for its second factor.
    #[must_use]
    pub fn challenge_id(&self, at: Timestamp) -> ChallengeId {
        ChallengeId::new(at, &self.id_entropy())
    }

    /// A new undoable change.
    #[must_use]
    pub fn undo_id(&self, at: Timestamp) -> UndoId {
        UndoId::new(at, &self.id_entropy())
    }

    /// A new webhook.
    #[must_use]
    pub fn webhook_id(&self, at: Timestamp) -> WebhookId {
        WebhookId::new(at, &self.id_entropy())
    }

    /// A new copy of what is kept about a person.
    #[must_use]
    pub fn export_id(&self, at: Timestamp) -> ExportId {
        ExportId::new(at, &self.id_entropy())
    }

    /// A new decision of a person on what they agree to.
    #[must_use]
    pub fn consent_id(&self, at: Timestamp) -> ConsentId {
        ConsentId::new(at, &self.id_entropy())
    }

    /// A new event's name, for one that is not written down.
    #[must_use]
    pub fn event_id(&self, at: Timestamp) -> EventId {
        EventId::new(at, &self.id_entropy())
    }

    /// A new record of an erasure.
    #[must_use]
    pub fn erasure_id(&self, at: Timestamp) -> ErasureId {
        ErasureId::new(at, &self.id_entropy())
    }

    /// A new worker's name.
    #[must_use]
    pub fn worker_id(&self, at: Timestamp) -> WorkerId {
        WorkerId::new(at, &self.id_entropy())
    }

    /// A new secret to sign a webhook's events with.
    #[must_use]
    pub fn webhook_secret(&self) -> WebhookSecret {
        WebhookSecret::from_entropy(self.token_entropy())
    }

    /// A new secret for a known device's cookie.
    #[must_use]
    pub fn device_token(&self) -> DeviceToken {
        DeviceToken::from_entropy(self.token_entropy())
    }

    /// A new secret for a sign-in that waits for its second factor.
    #[must_use]
    pub fn challenge_token(&self) -> ChallengeToken {
        ChallengeToken::from_entropy(self.token_entropy())
    }

    /// A new session's secret.
    #[must_use]
    pub fn session_token(&self) -> SessionToken {
        SessionToken::from_entropy(self.token_entropy())
    }

    /// A new one-time token's secret.
    #[must_use]
    pub fn one_time_token(&self, purpose: TokenPurpose) -> OneTimeToken {
        OneTimeToken::from_entropy(purpose, self.token_entropy())
    }

    /// A new event about nobody's account in particular, by the operator or [who usually does
    /// this](Actor::usual), to be filled in with `..`.
    #[must_use]
    pub fn event(&self, at: Timestamp, action: AuditAction, outcome: AuditOutcome, caller: &Caller) -> AuditEvent {
        AuditEvent {
            id: EventId::new(at, &self.id_entropy()),
            at,
            action,
            outcome,
            actor: if caller.is_operator {
                Actor::Operator
            } else {
                Actor::usual(action, outcome)
            },
            target: None,
            user: None,
            tenant: None,
            session: None,
            caller: caller.clone(),
            detail: None,
        }
    }

    /// A number drawn evenly from 0 (included) to 1 (excluded), for jitter.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.entropy.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }

    fn id_entropy(&self) -> IdEntropy {
        let mut bytes = IdEntropy::default();
        self.entropy.fill(&mut bytes);
        bytes
    }

    fn token_entropy(&self) -> TokenEntropy {
        let mut bytes = TokenEntropy::default();
        self.entropy.fill(&mut bytes);
        bytes
    }
}
