//! Getting in, and back in: signing up, signing in, and what proves who somebody is.

use std::sync::Arc;

use rookery_core::{
    Authentication, AuthenticationService, PasswordService, Passwords, Reauthentication, ReauthenticationService,
    Recovery, RecoveryService, Registration, RegistrationService, SecondFactorService, SecondFactors, SessionService,
    Sessions, Unlocking, UnlockingService, Verification, VerificationService,
};

use super::Parts;
use crate::configuration;

impl Parts {
    pub(crate) fn registration(&self) -> Arc<dyn Registration> {
        Arc::new(RegistrationService {
            accounts: Arc::clone(&self.accounts),
            hasher: Arc::clone(&self.hasher),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn authentication(&self, sessions: configuration::Sessions) -> Arc<dyn Authentication> {
        Arc::new(AuthenticationService {
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            hasher: Arc::clone(&self.hasher),
            devices: Arc::clone(&self.devices),
            tokens: Arc::clone(&self.tokens),
            factors: Arc::clone(&self.factors),
            check: self.check.clone(),
            throttle: self.throttle.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
            mint: self.mint.clone(),
            lifetime: sessions.lifetime,
            remembered_lifetime: sessions.remembered,
        })
    }

    pub(crate) fn unlocking(&self) -> Arc<dyn Unlocking> {
        Arc::new(UnlockingService {
            tokens: Arc::clone(&self.tokens),
            devices: Arc::clone(&self.devices),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn sessions(&self) -> Arc<dyn Sessions> {
        Arc::new(SessionService {
            sessions: self.session_store(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn reauthentication(&self) -> Arc<dyn Reauthentication> {
        Arc::new(ReauthenticationService {
            credentials: Arc::clone(&self.credentials),
            sessions: self.session_store(),
            audit: Arc::clone(&self.audit),
            factors: Arc::clone(&self.factors),
            check: self.check.clone(),
            hasher: Arc::clone(&self.hasher),
            guard: self.guard(),
            mint: self.mint.clone(),
        })
    }

    pub(crate) fn second_factors(&self) -> Arc<dyn SecondFactors> {
        Arc::new(SecondFactorService {
            credentials: Arc::clone(&self.credentials),
            factors: Arc::clone(&self.factors),
            audit: Arc::clone(&self.audit),
            guard: self.guard(),
            check: self.check.clone(),
            passwords: Arc::clone(&self.one_time_passwords),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn verification(&self) -> Arc<dyn Verification> {
        Arc::new(VerificationService {
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn recovery(&self) -> Arc<dyn Recovery> {
        Arc::new(RecoveryService {
            credentials: Arc::clone(&self.credentials),
            tokens: Arc::clone(&self.tokens),
            hasher: Arc::clone(&self.hasher),
            policy: self.policy.clone(),
            throttle: self.throttle.clone(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }

    pub(crate) fn passwords(&self) -> Arc<dyn Passwords> {
        Arc::new(PasswordService {
            credentials: Arc::clone(&self.credentials),
            audit: Arc::clone(&self.audit),
            hasher: Arc::clone(&self.hasher),
            policy: self.policy.clone(),
            guard: self.guard(),
            mint: self.mint.clone(),
            post_room: self.post_room.clone(),
            bell: self.ring(),
        })
    }
}
