//! The stores under test, and what every promise begins with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use rookery_core::Mint;
use rookery_core::domain::{EmailAddress, SessionId, Timestamp, TokenDigest, UserId};
use rookery_core::mocks::{ManualClock, SeededEntropy};
use rookery_core::ports::{
    AccountStore, AddressStore, Admission, AuditLog, CredentialStore, DeviceStore, EventOutbox, EventReader, Heartbeat,
    HousekeepingStore, InvitationStore, MemberStore, Outbox, OversightStore, PictureStore, PolicyStore, ProfileStore,
    SecondFactorStore, SessionStore, SignIn, SignInOutcome, SignedIn, StaffStore, TenantStore, ThrottleStore,
    TokenIssue, TokenStore, UndoStore, WebhookStore,
};

use super::{Ledger, Witness};

/// How long people have to set up a second factor a tenant asks for, in every world.
pub const GRACE: Duration = Duration::days(7);

/// One adapter of each store, all on one fresh database, and somebody who can look behind them.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is the port it is named after")]
pub struct Stores {
    pub accounts: Arc<dyn AccountStore>,
    pub addresses: Arc<dyn AddressStore>,
    pub undos: Arc<dyn UndoStore>,
    pub devices: Arc<dyn DeviceStore>,
    pub factors: Arc<dyn SecondFactorStore>,
    pub throttle: Arc<dyn ThrottleStore>,
    pub audit: Arc<dyn AuditLog>,
    pub credentials: Arc<dyn CredentialStore>,
    pub sessions: Arc<dyn SessionStore>,
    pub tenants: Arc<dyn TenantStore>,
    pub members: Arc<dyn MemberStore>,
    pub invitations: Arc<dyn InvitationStore>,
    pub policies: Arc<dyn PolicyStore>,
    pub profiles: Arc<dyn ProfileStore>,
    pub pictures: Arc<dyn PictureStore>,
    pub tokens: Arc<dyn TokenStore>,
    pub outbox: Arc<dyn Outbox>,
    pub webhooks: Arc<dyn WebhookStore>,
    pub event_outbox: Arc<dyn EventOutbox>,
    pub housekeeping: Arc<dyn HousekeepingStore>,
    pub heartbeat: Arc<dyn Heartbeat>,
    pub events: Arc<dyn EventReader>,
    pub staff: Arc<dyn StaffStore>,
    pub oversight: Arc<dyn OversightStore>,
    pub witness: Arc<dyn Witness>,
}

/// Stores on a fresh database, and a time that is set by hand.
pub struct World {
    /// What is tried.
    pub stores: Stores,
    pub(super) mint: Mint,
    clock: Arc<ManualClock>,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
}

/// Somebody's session.
#[derive(Clone, Copy, Debug)]
pub struct OpenSession {
    /// Its name.
    pub id: SessionId,
    /// The digest of its token.
    pub digest: TokenDigest,
}

impl World {
    /// At noon of 27 October 2025, on these stores. Every world of a process draws other ids and tokens, so that several
    /// may share a database.
    #[must_use]
    pub fn new(stores: Stores) -> Self {
        static WORLDS: AtomicU64 = AtomicU64::new(0);
        let seed = WORLDS.fetch_add(1, Ordering::Relaxed) << 32;
        let clock = Arc::new(ManualClock::default());
        Self {
            stores,
            mint: Mint::new(
                Arc::<ManualClock>::clone(&clock),
                Arc::new(SeededEntropy::from_seed(seed)),
            ),
            clock,
        }
    }

    /// This moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.mint.now()
    }

    /// Lets time pass, or turns it back.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// What is written down.
    pub async fn ledger(&self) -> Ledger {
        self.stores.witness.ledger().await
    }

    /// What has been written down since.
    pub async fn since(&self, earlier: &Ledger) -> Vec<String> {
        self.ledger().await.since(earlier)
    }

    /// Makes an account with the password hash `…$first` and credential version 1.
    ///
    /// # Panics
    /// When it is not admitted.
    pub async fn person(&self, email: &str) -> Person {
        let account = self.new_account(email);
        let admission = self.stores.accounts.admit(&account).await.unwrap();
        assert_eq!(admission, Admission::Admitted);
        Person {
            user: account.user,
            email: account.email,
        }
    }

    /// Signs somebody in on the first version of their credential.
    ///
    /// # Panics
    /// When no session is opened.
    pub async fn signed_in(&self, person: &Person) -> OpenSession {
        self.open(&self.sign_in(person)).await
    }

    /// Opens a session as decided.
    ///
    /// # Panics
    /// When it is not opened.
    pub async fn open(&self, sign_in: &SignIn) -> OpenSession {
        let outcome = self.stores.credentials.sign_in(sign_in).await.unwrap();
        assert_eq!(outcome, SignInOutcome::Opened);
        OpenSession {
            id: sign_in.session.id,
            digest: sign_in.session.digest,
        }
    }

    /// Stores a token as decided, and gives its digest.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn issued(&self, issue: &TokenIssue) -> TokenDigest {
        self.stores.tokens.issue(issue).await.unwrap();
        issue.token.digest
    }

    /// Who is signed in with this token now.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn resolved(&self, digest: &TokenDigest) -> Option<SignedIn> {
        self.stores.sessions.resolve(digest, &self.now()).await.unwrap()
    }
}
