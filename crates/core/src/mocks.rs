//! For tests, ours and yours: a clock that is set by hand, entropy that repeats, somebody who is [signed in](signed_in), and
//! every trait's `Mock…`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use rookery_domain::Timestamp;

use crate::ports::{Clock, Entropy, PortError, Sealer};

mod memory_throttle;
mod somebody;

pub use memory_throttle::{MemoryThrottleStore, OpenDigest};
pub use somebody::{signed_in, working_in};

pub use crate::activity::MockActivity;
pub use crate::addresses::MockAddresses;
pub use crate::administration::MockAdministration;
pub use crate::authentication::MockAuthentication;
pub use crate::consents::MockConsents;
pub use crate::deletion::MockDeletion;
pub use crate::delivery::MockDelivery;
pub use crate::event_delivery::MockEventDelivery;
pub use crate::exports::{MockExportMaking, MockExports};
pub use crate::health::MockHealthCheck;
pub use crate::housekeeping::MockHousekeeping;
pub use crate::invitations::MockInvitations;
pub use crate::joining::MockJoining;
pub use crate::members::MockMembers;
pub use crate::oversight::MockOversight;
pub use crate::passwords::MockPasswords;
pub use crate::pictures::MockPictures;
pub use crate::policies::MockPolicies;
pub use crate::ports::{
    MockAccountStore, MockAddressStore, MockArchivist, MockAuditLog, MockClock, MockConsentStore, MockCredentialStore,
    MockDeletionStore, MockDeliveryBell, MockDeviceStore, MockEntropy, MockEventOutbox, MockEventReader,
    MockExportStore, MockHeartbeat, MockHousekeepingStore, MockInvitationStore, MockKeyedDigest, MockMailer,
    MockMemberStore, MockOneTimePasswords, MockOutbox, MockOversightStore, MockPasswordHasher, MockPersonalRecords,
    MockPictureMaker, MockPictureStore, MockPolicyStore, MockProfileStore, MockSealer, MockSecondFactorStore,
    MockSessionStore, MockStaffStore, MockTenantStore, MockThrottleStore, MockTokenStore, MockUndoStore,
    MockWebhookSender, MockWebhookStore,
};
pub use crate::profiles::MockProfiles;
pub use crate::reauthentication::MockReauthentication;
pub use crate::recovery::MockRecovery;
pub use crate::registration::MockRegistration;
pub use crate::restoration::MockRestoration;
pub use crate::second_factors::MockSecondFactors;
pub use crate::sessions::MockSessions;
pub use crate::staff::MockStaff;
pub use crate::tenants::MockTenants;
pub use crate::unlocking::MockUnlocking;
pub use crate::verification::MockVerification;
pub use crate::webhooks::MockWebhooks;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows this time.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the time, forwards or back.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }
}

/// 27 October 2025, noon.
impl Default for ManualClock {
    fn default() -> Self {
        Self::at(Timestamp::from_timestamp(1_761_566_400, 0).unwrap_or_default())
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Entropy that gives the same bytes in every run, and different ones at every call. For tests alone.
#[derive(Debug, Default)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// Another sequence for every seed.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64 (Steele, Lea and Flood, 2014).
            let mut z = self
                .0
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                .wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A seal anybody can break: the context and the plain text, side by side. For tests alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct GlassSealer;

impl Sealer for GlassSealer {
    fn seal(&self, plain: &[u8], context: &str) -> Result<Vec<u8>, PortError> {
        Ok([context.as_bytes(), b"\0", plain].concat())
    }

    fn open(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, PortError> {
        let prefix = [context.as_bytes(), b"\0"].concat();
        sealed
            .strip_prefix(prefix.as_slice())
            .map(<[u8]>::to_vec)
            .ok_or_else(|| PortError::broken("seal.open", "another context"))
    }
}
