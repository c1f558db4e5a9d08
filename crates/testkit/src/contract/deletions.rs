//! The promises of [`DeletionStore`](rookery_core::ports::DeletionStore).

mod asking;
mod erasing;
mod holding;
mod keeping;
mod tenants;

pub use asking::*;
pub use erasing::*;
pub use holding::*;
pub use keeping::*;
pub use tenants::*;

use chrono::Duration;
use rookery_core::domain::{Actor, AuditAction, Reason, Role, TenantId, TokenDigest, TokenPurpose};
use rookery_core::ports::{
    DeletionRequest, DeletionRequestOutcome, Erasure, ErasureBasis, ErasureOutcome, InterventionStep, Keeping,
    NewToken, PendingDeletion, StakeFate, TenantStake, TenantTurn,
};
use rookery_core::{AuditEvent, LetterKind};

use super::oversight::done;
use super::{OpenSession, Person, World};

/// How long accounts wait in these tests.
fn grace() -> Duration {
    Duration::days(30)
}

impl World {
    /// A wish to be deleted, asked for in this session on this version of the credential.
    #[must_use]
    pub fn deletion_request(&self, person: &Person, session: &OpenSession, version: i32) -> DeletionRequest {
        let at = self.now();
        DeletionRequest {
            user: person.user,
            by: session.id,
            credential_version: version,
            used: None,
            closing: Vec::new(),
            reason: Some(Reason::parse("too many mails").unwrap()),
            due: at + grace(),
            token: NewToken {
                expires: at + grace(),
                ..self.issue(TokenPurpose::KeepAccount, person.addressee()).token
            },
            mail: self.mail(LetterKind::DeletionScheduled, person.addressee()),
            event: self.event(AuditAction::DeletionRequested, Some(person)),
            at,
        }
    }

    /// The same, done.
    pub async fn leaving(&self, person: &Person) -> DeletionRequest {
        let session = self.signed_in(person).await;
        let mut request = self.deletion_request(person, &session, 1);
        request.closing = self.closing(person).await;
        let outcome = self.stores.deletions.request(&request).await.unwrap();
        assert_eq!(outcome, DeletionRequestOutcome::Requested);
        request
    }

    /// The tenants that would close.
    async fn closing(&self, person: &Person) -> Vec<TenantTurn> {
        let stakes = self.stores.deletions.stakes(&person.user).await.unwrap();
        let closing = stakes.iter().filter(|stake| stake.fate == StakeFate::Closes);
        closing
            .map(|stake| self.turn(person, AuditAction::TenantClosed, stake.tenant))
            .collect()
    }

    fn turn(&self, person: &Person, action: AuditAction, tenant: TenantId) -> TenantTurn {
        TenantTurn {
            tenant,
            event: AuditEvent {
                tenant: Some(tenant),
                target: Some(format!("tenant:{tenant}")),
                ..self.event(action, Some(person))
            },
        }
    }

    /// An account is kept.
    #[must_use]
    pub fn keeping(&self, person: &Person, closed: &[TenantId]) -> Keeping {
        let reopened = |tenant: &TenantId| self.turn(person, AuditAction::TenantReopened, *tenant);
        Keeping {
            user: person.user,
            reopening: closed.iter().map(reopened).collect(),
            mail: self.mail(LetterKind::AccountKept, person.addressee()),
            event: self.event(AuditAction::DeletionCancelled, Some(person)),
            at: self.now(),
        }
    }

    /// An erasure of somebody, by the service.
    #[must_use]
    pub fn erasure(&self, person: &Person, basis: ErasureBasis) -> Erasure {
        Erasure {
            id: self.mint.erasure_id(self.now()),
            user: person.user,
            basis,
            by: Actor::Service,
            counted_as: vec![[7; 32]],
            mail: Some(self.mail(LetterKind::AccountErased, person.addressee())),
            event: AuditEvent {
                actor: Actor::Service,
                caller: rookery_core::domain::Caller::default(),
                ..self.event(AuditAction::Erased, Some(person))
            },
            at: self.now(),
        }
    }

    async fn erased(&self, person: &Person, basis: ErasureBasis) -> ErasureOutcome {
        let erasure = self.erasure(person, basis);
        self.stores.deletions.erase(&erasure).await.unwrap()
    }

    async fn pending(&self, person: &Person) -> Option<PendingDeletion> {
        let subject = self.stores.deletions.subject(&person.user).await.unwrap();
        subject.and_then(|subject| subject.deletion)
    }

    pub(super) async fn keep(&self, person: &Person, token: TokenDigest, closed: &[TenantId]) -> bool {
        let keeping = self.keeping(person, closed);
        self.stores.deletions.keep(&token, &keeping).await.unwrap()
    }

    async fn held(&self, person: &Person) {
        let hold = InterventionStep::Hold(Reason::parse("court order").unwrap());
        assert_eq!(
            self.intervened(&self.intervention(None, person, hold)).await,
            done(0, true)
        );
    }

    pub(super) async fn joined(&self, tenant: TenantId, person: &Person, roles: &[Role]) {
        let at = self.now();
        self.stores.witness.join(&tenant, &person.user, roles, &at).await;
    }

    async fn stakes(&self, person: &Person) -> Vec<TenantStake> {
        self.stores.deletions.stakes(&person.user).await.unwrap()
    }
}
