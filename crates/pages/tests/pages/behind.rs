//! What stands behind the pages in these tests: mocks that allow nothing they were not told to expect.

use std::sync::Arc;
use std::time::Duration;

use rookery_core::domain::{PasswordPolicy, password::PasswordRules};
use rookery_core::mocks::{
    ManualClock, MemoryThrottleStore, MockActivity, MockAddresses, MockAuthentication, MockHealthCheck,
    MockInvitations, MockJoining, MockMembers, MockOversight, MockPasswords, MockPictures, MockPolicies, MockProfiles,
    MockReauthentication, MockRecovery, MockRegistration, MockRestoration, MockSecondFactors, MockSessions,
    MockTenants, MockUnlocking, MockVerification, OpenDigest, SeededEntropy,
};
use rookery_core::{LimitProfile, SecondFactorStatus, SessionError};
use rookery_domain::Colour;
use rookery_door::{DoorSettings, Origin, SignUpConflict, UseCases};
use rookery_pages::{Brand, PageSettings, Pages};
use rookery_words::Words;
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
    pub(crate) limits: LimitProfile,
    pub(crate) public_url: &'static str,
    pub(crate) sign_up_conflict: SignUpConflict,
    pub(crate) brand: Brand,
}

/// Nobody is signed in and nothing is expected; people reach the pages at `https://id.example.com`, and a `redirect` may lead to
/// `https://app.example.com`.
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
        public_url: "https://id.example.com",
        sign_up_conflict: SignUpConflict::Reveal,
        brand: Brand {
            name: "Rookery".to_owned(),
            primary: Colour::PRIMARY,
            primary_dark: Colour::PRIMARY_DARK,
            logo: None,
            home: None,
            support: None,
            terms: None,
            privacy: None,
        },
    }
}

/// Ada holds a live session, and has no second factor; her token is [`ada::token`].
pub(crate) fn ada_signed_in() -> Behind {
    let mut behind = nothing();
    behind.sessions.expect_authenticate().returning(|token| {
        if token.digest() == ada::token().digest() {
            Ok(ada::signed_in())
        } else {
            Err(SessionError::NotSignedIn)
        }
    });
    behind.sessions.expect_list().returning(|_| Ok(Vec::new()));
    behind.second_factors.expect_status().returning(|_| Ok(no_factor()));
    behind
}

/// How somebody stands who has set nothing up.
pub(crate) fn no_factor() -> SecondFactorStatus {
    SecondFactorStatus {
        confirmed: None,
        pending: None,
        recovery_codes: 0,
        trusted_devices: Vec::new(),
        required_by: None,
    }
}

impl Behind {
    pub(crate) fn pages(self) -> Pages {
        let throttle = MemoryThrottleStore::throttle(Arc::new(ManualClock::at(ada::noon())), self.limits);
        let use_cases = UseCases {
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
            settings: DoorSettings {
                public_url: Url::parse(self.public_url).unwrap(),
                // What the API takes from elsewhere is no reason to take a form from there.
                allowed_origins: Vec::new(),
                trusted_proxies: Vec::new(),
                password_policy: PasswordPolicy {
                    rules: PasswordRules::default(),
                    product: "Rookery".to_owned(),
                },
                sign_up_conflict: self.sign_up_conflict,
                beat: Duration::ZERO,
                version: "1.2.3",
            },
        };
        Pages {
            use_cases,
            digest: Arc::new(OpenDigest),
            words: Arc::new(Words::built_in().unwrap()),
            settings: PageSettings {
                brand: self.brand,
                stylesheet: None,
                redirect_origins: vec![Origin::parse("https://app.example.com").unwrap()],
                has_mailbox: false,
            },
        }
    }
}
