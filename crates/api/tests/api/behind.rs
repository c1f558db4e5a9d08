//! What stands behind the door in these tests: mocks that allow nothing they were not told to expect.

use std::sync::Arc;
use std::time::Duration;

use rookery_api::{Api, ApiSettings, IpNet, Origin, SignUpConflict};
use rookery_core::domain::{PasswordPolicy, password::PasswordRules};
use rookery_core::mocks::{
    ManualClock, MemoryThrottleStore, MockActivity, MockAddresses, MockAuthentication, MockHealthCheck,
    MockInvitations, MockJoining, MockMembers, MockOversight, MockPasswords, MockPictures, MockPolicies, MockProfiles,
    MockReauthentication, MockRecovery, MockRegistration, MockRestoration, MockSecondFactors, MockSessions,
    MockTenants, MockThrottleStore, MockUnlocking, MockVerification, OpenDigest, SeededEntropy,
};
use rookery_core::{LimitProfile, PortError, SessionError, Throttle, domain::SessionToken};
use url::Url;

use crate::ada;

/// The use cases, each a mock, and the settings. A call that no expectation names panics, and so ends in a 500 that no test
/// here takes for an answer.
pub(crate) struct Behind {
    pub(crate) registration: MockRegistration,
    pub(crate) authentication: MockAuthentication,
    pub(crate) sessions: MockSessions,
    pub(crate) reauthentication: MockReauthentication,
    pub(crate) verification: MockVerification,
    pub(crate) recovery: MockRecovery,
    pub(crate) passwords: MockPasswords,
    pub(crate) addresses: MockAddresses,
    pub(crate) restoration: MockRestoration,
    pub(crate) profiles: MockProfiles,
    pub(crate) tenants: MockTenants,
    pub(crate) members: MockMembers,
    pub(crate) invitations: MockInvitations,
    pub(crate) joining: MockJoining,
    pub(crate) policies: MockPolicies,
    pub(crate) pictures: MockPictures,
    pub(crate) activity: MockActivity,
    pub(crate) oversight: MockOversight,
    pub(crate) health: MockHealthCheck,
    pub(crate) unlocking: MockUnlocking,
    pub(crate) second_factors: MockSecondFactors,
    /// How tight the limits are; none, unless a test is about them.
    pub(crate) limits: LimitProfile,
    /// Whether the counters fail, whatever the limits.
    pub(crate) broken_counters: bool,
    pub(crate) public_url: &'static str,
    pub(crate) allowed_origins: Vec<Origin>,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) sign_up_conflict: SignUpConflict,
    /// None, unless a test is about it.
    pub(crate) beat: Duration,
}

/// Nobody is signed in and nothing is expected; people reach the service at `https://id.example.com`, and pages of
/// `https://app.example.com` may use it.
pub(crate) fn nothing() -> Behind {
    Behind {
        registration: MockRegistration::new(),
        authentication: MockAuthentication::new(),
        sessions: MockSessions::new(),
        reauthentication: MockReauthentication::new(),
        verification: MockVerification::new(),
        recovery: MockRecovery::new(),
        passwords: MockPasswords::new(),
        addresses: MockAddresses::new(),
        restoration: MockRestoration::new(),
        profiles: MockProfiles::new(),
        tenants: MockTenants::new(),
        members: MockMembers::new(),
        invitations: MockInvitations::new(),
        joining: MockJoining::new(),
        policies: MockPolicies::new(),
        pictures: MockPictures::new(),
        activity: MockActivity::new(),
        oversight: MockOversight::new(),
        health: MockHealthCheck::new(),
        unlocking: MockUnlocking::new(),
        second_factors: MockSecondFactors::new(),
        limits: LimitProfile::Off,
        broken_counters: false,
        public_url: "https://id.example.com",
        allowed_origins: vec![Origin::parse("https://app.example.com").unwrap()],
        trusted_proxies: Vec::new(),
        sign_up_conflict: SignUpConflict::Reveal,
        beat: Duration::ZERO,
    }
}

/// Ada holds a live session; her token is [`ada::token`].
pub(crate) fn ada_signed_in() -> Behind {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|token| {
        if is_hers(token) {
            Ok(ada::signed_in())
        } else {
            Err(SessionError::NotSignedIn)
        }
    });
    behind
}

pub(crate) fn is_hers(token: &SessionToken) -> bool {
    token.digest() == ada::token().digest()
}

impl Behind {
    pub(crate) fn api(self) -> Api {
        let clock = Arc::new(ManualClock::at(ada::noon()));
        let throttle = if self.broken_counters {
            let mut store = MockThrottleStore::new();
            store
                .expect_take()
                .returning(|_| Err(PortError::unavailable("throttle.take", "gone")));
            Throttle::new(Arc::new(store), Arc::new(OpenDigest), clock, LimitProfile::Default)
        } else {
            MemoryThrottleStore::throttle(clock, self.limits)
        };
        Api {
            registration: Arc::new(self.registration),
            authentication: Arc::new(self.authentication),
            sessions: Arc::new(self.sessions),
            reauthentication: Arc::new(self.reauthentication),
            verification: Arc::new(self.verification),
            recovery: Arc::new(self.recovery),
            passwords: Arc::new(self.passwords),
            addresses: Arc::new(self.addresses),
            restoration: Arc::new(self.restoration),
            profiles: Arc::new(self.profiles),
            tenants: Arc::new(self.tenants),
            members: Arc::new(self.members),
            invitations: Arc::new(self.invitations),
            joining: Arc::new(self.joining),
            policies: Arc::new(self.policies),
            pictures: Arc::new(self.pictures),
            activity: Arc::new(self.activity),
            oversight: Arc::new(self.oversight),
            health: Arc::new(self.health),
            unlocking: Arc::new(self.unlocking),
            second_factors: Arc::new(self.second_factors),
            throttle,
            clock: Arc::new(ManualClock::at(ada::noon())),
            entropy: Arc::new(SeededEntropy::default()),
            settings: ApiSettings {
                public_url: Url::parse(self.public_url).unwrap(),
                allowed_origins: self.allowed_origins,
                trusted_proxies: self.trusted_proxies,
                password_policy: PasswordPolicy {
                    rules: PasswordRules::default(),
                    product: "Rookery".to_owned(),
                },
                sign_up_conflict: self.sign_up_conflict,
                beat: self.beat,
                version: "1.2.3",
            },
        }
    }
}
