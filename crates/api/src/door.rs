//! What gates and handlers share.

use std::sync::Arc;

use ipnet::IpNet;
use rookery_core::Throttle;
use rookery_core::ports::{Clock, Entropy};
use rookery_domain::{PasswordPolicy, Timestamp};
use uuid::Uuid;

use crate::origin::Origin;
use crate::session_cookie::CookieMode;
use crate::settings::{Api, SignUpConflict};

/// The door itself: its settings, the time and chance.
pub(crate) struct Door {
    pub(crate) cookie: CookieMode,
    pub(crate) origins: Vec<Origin>,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) password_policy: PasswordPolicy,
    pub(crate) sign_up_conflict: SignUpConflict,
    pub(crate) version: &'static str,
    pub(crate) https: bool,
    pub(crate) throttle: Throttle,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Door {
    pub(crate) fn of(api: &Api) -> Self {
        let settings = &api.settings;
        let own = Origin::of(&settings.public_url).ok();
        Self {
            // Whoever mounts the door under an address that may carry no session gets a cookie that travels over https only.
            cookie: CookieMode::for_url(&settings.public_url).unwrap_or(CookieMode::Https),
            origins: own
                .into_iter()
                .chain(settings.allowed_origins.iter().cloned())
                .collect(),
            trusted_proxies: settings.trusted_proxies.clone(),
            password_policy: settings.password_policy.clone(),
            sign_up_conflict: settings.sign_up_conflict,
            version: settings.version,
            https: settings.public_url.scheme() == "https",
            throttle: api.throttle.clone(),
            clock: Arc::clone(&api.clock),
            entropy: Arc::clone(&api.entropy),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new name for a request: a UUIDv7, which sorts by time.
    pub(crate) fn request_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
