mod erasures;
mod keeping;
mod requests;

use chrono::Duration;
use futures_executor::block_on;

use super::*;
use crate::FactorCheck;
use crate::fixture::{Workshop, bell_rung, caller, credential, email, reader, tenant, unsealed, user};
use crate::mocks::{GlassSealer, OpenDigest};
use crate::ports::{
    ErasureSubject, MockAuditLog, MockCredentialStore, MockDeletionStore, MockOneTimePasswords, MockPasswordHasher,
    MockSecondFactorStore, MockSessionStore, MockTokenStore, PendingDeletion, Sealer, Verdict,
};

/// The ports, each a mock that allows nothing it was not told to expect.
struct Ports {
    deletions: MockDeletionStore,
    credentials: MockCredentialStore,
    tokens: MockTokenStore,
    factors: MockSecondFactorStore,
    passwords: MockOneTimePasswords,
    hasher: MockPasswordHasher,
    audit: MockAuditLog,
    rings: usize,
}

impl Ports {
    fn new() -> Self {
        Self {
            deletions: MockDeletionStore::new(),
            credentials: MockCredentialStore::new(),
            tokens: MockTokenStore::new(),
            factors: MockSecondFactorStore::new(),
            passwords: MockOneTimePasswords::new(),
            hasher: MockPasswordHasher::new(),
            audit: MockAuditLog::new(),
            rings: 0,
        }
    }

    fn staking(mut self, stakes: Vec<TenantStake>) -> Self {
        self.deletions.expect_stakes().returning(move |_| Ok(stakes.clone()));
        self
    }

    fn with(mut self, credential: Credential) -> Self {
        self.credentials
            .expect_by_user()
            .returning(move |_| Ok(Some(credential.clone())));
        self
    }

    fn judging(mut self, verdict: Verdict) -> Self {
        self.hasher
            .expect_verify()
            .times(1)
            .returning(move |_, _, _| Ok(verdict));
        self
    }

    /// A failure is written down.
    fn failing(mut self) -> Self {
        self.audit
            .expect_record()
            .times(1)
            .withf(|event| {
                (event.action, event.outcome) == (AuditAction::DeletionRequested, AuditOutcome::Failure)
                    && event.user == Some(user())
            })
            .returning(|_| Ok(()));
        self
    }

    fn service(self, workshop: &Workshop) -> DeletionService {
        let passwords = Arc::new(self.passwords);
        DeletionService {
            deletions: Arc::new(self.deletions),
            credentials: Arc::new(self.credentials),
            tokens: Arc::new(self.tokens),
            factors: Arc::new(self.factors),
            check: FactorCheck::new(Arc::new(GlassSealer), passwords, Arc::new(OpenDigest), Vec::new()),
            hasher: Arc::new(self.hasher),
            guard: ProofGuard::new(
                workshop.throttle.clone(),
                Arc::new(MockSessionStore::new()),
                workshop.mint.clone(),
            ),
            audit: Arc::new(self.audit),
            throttle: workshop.throttle.clone(),
            mint: workshop.mint.clone(),
            post_room: workshop.post_room.clone(),
            bell: bell_rung(self.rings),
            grace: Duration::days(30),
            unverified_expiry: Some(Duration::days(7)),
        }
    }
}

fn stake(fate: StakeFate) -> TenantStake {
    TenantStake {
        tenant: tenant(),
        name: "Engines".to_owned(),
        others: u64::from(fate != StakeFate::Closes),
        fate,
    }
}

fn subject(deletion: Option<PendingDeletion>) -> ErasureSubject {
    ErasureSubject {
        user: user(),
        email: email(),
        reader: reader(),
        name: Some("Ada Lovelace".to_owned()),
        deletion,
    }
}

fn waiting(at: Timestamp) -> PendingDeletion {
    PendingDeletion {
        requested: at - Duration::days(1),
        due: at + Duration::hours(1),
        closed: vec![tenant()],
    }
}
