//! What gates and handlers share.

use std::future::Future;
use std::sync::Arc;

use actix_web::http::header::HeaderValue;
use ipnet::IpNet;
use rookery_core::ports::{Clock, Entropy};
use rookery_core::{RenewedSession, Throttle};
use rookery_domain::{Channel, Documents, PasswordPolicy, Timestamp};
use uuid::Uuid;

use crate::beat::Beat;
use crate::origin::Origin;
use crate::session_cookie::CookieMode;
use crate::use_cases::{SignUpConflict, UseCases};

/// The door itself: its settings, the time and chance.
pub struct Door {
    /// How cookies are named and sent.
    pub cookie: CookieMode,
    /// Origins whose pages may change something, our own among them.
    pub origins: Vec<Origin>,
    /// Networks whose word on `X-Forwarded-For` is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The installation's rules for a chosen password.
    pub password_policy: PasswordPolicy,
    /// What everybody is asked to agree to.
    pub documents: Documents,
    /// Which door it is.
    pub channel: Channel,
    /// What a sign-up is told whose address is taken.
    pub sign_up_conflict: SignUpConflict,
    /// What this release is called.
    pub version: &'static str,
    /// Whether people reach the service over https.
    pub https: bool,
    /// Counts requests.
    pub throttle: Throttle,
    beat: Beat,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Door {
    /// A door before these use cases.
    #[must_use]
    pub fn of(behind: &UseCases) -> Self {
        let settings = &behind.settings;
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
            documents: settings.documents.clone(),
            channel: Channel::Api,
            sign_up_conflict: settings.sign_up_conflict,
            version: settings.version,
            https: settings.public_url.scheme() == "https",
            throttle: behind.throttle.clone(),
            beat: Beat::every(settings.beat),
            clock: Arc::clone(&behind.clock),
            entropy: Arc::clone(&behind.entropy),
        }
    }

    /// The same door, for people.
    #[must_use]
    pub fn for_people(self) -> Self {
        Self {
            channel: Channel::Pages,
            ..self
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The `Set-Cookie` under whose token a session goes on.
    #[must_use]
    pub fn renewing(&self, session: &RenewedSession) -> HeaderValue {
        let remembered_until = session.remembered.then_some(session.expires);
        self.cookie.carrying(&session.token, remembered_until, self.now())
    }

    /// What `work` answers, at a time that tells nothing of it.
    pub async fn on_the_beat<T>(&self, work: impl Future<Output = T>) -> T {
        self.beat.of(work).await
    }

    /// What `work` answers, and when it refuses, at a time that does not tell why.
    ///
    /// # Errors
    /// What `work` refuses with.
    pub async fn refusing_on_the_beat<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        self.beat.of_refusals(work).await
    }

    /// A new name for a request: a UUIDv7, which sorts by time.
    #[must_use]
    pub fn request_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
