//! Whether an attempt to sign in is made at all.

use tracing::warn;

use super::LogIn;
use crate::ports::{Credential, DeviceStore, KnownDevice, Lane, PortError};
use crate::{Limit, Subject, Throttle, ThrottleError};

/// An attempt that was counted, and by what.
pub(super) struct Admission {
    throttle: Throttle,
    counted: Counted,
}

enum Counted {
    /// From a browser the person has signed in with: nobody else's attempts count against it.
    Device(KnownDevice),
    /// From anywhere else.
    Stranger {
        network: Subject,
        mailbox: Subject,
        /// Which attempt on this address it is.
        attempt: u32,
        /// Whether this attempt, unless it is right, locks the address for strangers.
        last: bool,
    },
}

impl Admission {
    /// Counts the attempt. What is counted, and in how many steps, depends on the device and never on whether the
    /// address belongs to anybody.
    pub(super) async fn ask(
        throttle: &Throttle,
        devices: &dyn DeviceStore,
        log_in: &LogIn,
    ) -> Result<Self, ThrottleError> {
        let known = match &log_in.device {
            Some(token) => devices.known(&token.digest(), &log_in.email).await?,
            None => None,
        };
        let counted = if let Some(device) = known {
            throttle.take(Limit::LogInDevice, &Subject::Device(device.id)).await?;
            Counted::Device(device)
        } else {
            let network = Subject::network_of(&log_in.caller);
            let mailbox = Subject::mailbox(&log_in.email);
            // The network first: one that has used its quota up makes no counters for ever new addresses. What a locked
            // address refuses stays counted for the network that goes on trying.
            throttle.take(Limit::LogInNetwork, &network).await?;
            let level = throttle.take(Limit::LogInAddress, &mailbox).await?;
            Counted::Stranger {
                network,
                mailbox,
                attempt: level.taken(),
                last: level.was_last(),
            }
        };
        Ok(Self {
            throttle: throttle.clone(),
            counted,
        })
    }

    /// The device, if the person has signed in with it.
    pub(super) const fn device(&self) -> Option<&KnownDevice> {
        match &self.counted {
            Counted::Device(device) => Some(device),
            Counted::Stranger { .. } => None,
        }
    }

    /// Where the attempt waits for its hash.
    pub(super) const fn lane(&self) -> Lane {
        match &self.counted {
            Counted::Device(_) => Lane::Known,
            Counted::Stranger { .. } => Lane::Stranger,
        }
    }

    /// Whether the attempt, being wrong, has locked the address.
    pub(super) const fn locks(&self) -> bool {
        matches!(self.counted, Counted::Stranger { last: true, .. })
    }

    /// Whether a right password counts. A tenant of the person may allow fewer wrong ones than the installation does: what
    /// comes after those is answered like a wrong one, so that nobody learns from a lock that comes early whose address it
    /// is. Nothing is looked up or written for it that is not for everybody.
    pub(super) fn counts_for(&self, credential: &Credential) -> bool {
        match &self.counted {
            Counted::Device(_) => true,
            Counted::Stranger { attempt, .. } => credential
                .strictest_policy()
                .is_none_or(|policy| *attempt <= policy.max_login_attempts.max(1)),
        }
    }

    /// The password was right: failures before it are forgotten. A known device does not lift the lock that strangers
    /// have earned for strangers.
    pub(super) async fn was_right(&self) {
        match &self.counted {
            Counted::Device(device) => {
                let device = Subject::Device(device.id);
                tell(self.throttle.clear(Limit::LogInDevice, &device).await);
            }
            Counted::Stranger { network, mailbox, .. } => {
                tell(self.throttle.clear(Limit::LogInAddress, mailbox).await);
                tell(self.throttle.give_back(Limit::LogInNetwork, network).await);
            }
        }
    }

    /// The password was not looked at, so nothing was learned from the attempt and it does not count.
    pub(super) async fn did_not_happen(&self) {
        match &self.counted {
            Counted::Device(device) => {
                let device = Subject::Device(device.id);
                tell(self.throttle.give_back(Limit::LogInDevice, &device).await);
            }
            Counted::Stranger { network, mailbox, .. } => {
                tell(self.throttle.give_back(Limit::LogInAddress, mailbox).await);
                tell(self.throttle.give_back(Limit::LogInNetwork, network).await);
            }
        }
    }
}

/// To give back is a courtesy: what stays counted errs on the safe side.
fn tell(given_back: Result<(), PortError>) {
    if let Err(error) = given_back {
        warn!(error = error.chain(), "a counted attempt could not be given back");
    }
}
