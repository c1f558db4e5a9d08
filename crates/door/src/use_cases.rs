//! What is behind every door: the use cases, and a few settings of the doors themselves.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use rookery_core::ports::{Clock, Entropy};
use rookery_core::{
    Activity, Addresses, Authentication, HealthCheck, Invitations, Joining, Members, Oversight, Passwords, Pictures,
    Policies, Profiles, Reauthentication, Recovery, Registration, Restoration, SecondFactors, Sessions, Tenants,
    Throttle, Unlocking, Verification,
};
use rookery_domain::PasswordPolicy;
use url::Url;

use crate::origin::Origin;

/// Everything behind the doors.
#[derive(Clone)]
pub struct UseCases {
    /// Signing up.
    pub registration: Arc<dyn Registration>,
    /// Signing in.
    pub authentication: Arc<dyn Authentication>,
    /// Being signed in, signing out, and seeing and ending one's other sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Proving again who one is.
    pub reauthentication: Arc<dyn Reauthentication>,
    /// Lifting a lock by mail.
    pub unlocking: Arc<dyn Unlocking>,
    /// Verifying an address.
    pub verification: Arc<dyn Verification>,
    /// Getting back in without the password.
    pub recovery: Arc<dyn Recovery>,
    /// Changing a password one knows.
    pub passwords: Arc<dyn Passwords>,
    /// Setting up and taking away what is shown beside the password.
    pub second_factors: Arc<dyn SecondFactors>,
    /// Changing one's address.
    pub addresses: Arc<dyn Addresses>,
    /// Taking back what somebody else has changed.
    pub restoration: Arc<dyn Restoration>,
    /// Reading and changing one's profile.
    pub profiles: Arc<dyn Profiles>,
    /// Making tenants, and moving between one's own.
    pub tenants: Arc<dyn Tenants>,
    /// Seeing and changing who belongs to a tenant.
    pub members: Arc<dyn Members>,
    /// Inviting people into a tenant.
    pub invitations: Arc<dyn Invitations>,
    /// Answering an invitation.
    pub joining: Arc<dyn Joining>,
    /// Seeing and changing what a tenant asks of its members.
    pub policies: Arc<dyn Policies>,
    /// Showing a picture, and looking at those that others show.
    pub pictures: Arc<dyn Pictures>,
    /// Looking back at what happened.
    pub activity: Arc<dyn Activity>,
    /// What staff see of the accounts of others, and do to them.
    pub oversight: Arc<dyn Oversight>,
    /// Whether the service can do its work.
    pub health: Arc<dyn HealthCheck>,
    /// Counts requests.
    pub throttle: Throttle,
    /// Dates request ids, cookies and restrictions.
    pub clock: Arc<dyn Clock>,
    /// Makes request ids unique.
    pub entropy: Arc<dyn Entropy>,
    /// The settings.
    pub settings: DoorSettings,
}

/// How the doors behave.
#[derive(Clone, Debug)]
pub struct DoorSettings {
    /// Where people reach the service. Decides about the cookie (see [`CookieMode`](crate::CookieMode)) and about
    /// `Strict-Transport-Security`; what a client says about host and scheme never does.
    pub public_url: Url,
    /// Origins whose pages may change something, besides the public URL's own.
    pub allowed_origins: Vec<Origin>,
    /// Networks whose word on `X-Forwarded-For` is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The installation's rules for a chosen password; a person's and a tenant's come on top, behind the door.
    pub password_policy: PasswordPolicy,
    /// What a sign-up is told whose address is taken.
    pub sign_up_conflict: SignUpConflict,
    /// From beat to beat of the answers whose time must tell nothing: [`BEAT`](crate::BEAT), or zero for measuring what
    /// they would tell without.
    pub beat: Duration,
    /// What `/api/health` calls this release.
    pub version: &'static str,
}

/// What a sign-up is told whose address is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignUpConflict {
    /// That it is: 409. Whoever asks learns who has an account.
    #[default]
    Reveal,
    /// What every sign-up is told: 202 with one body. What it was is told by mail.
    Neutral,
}
