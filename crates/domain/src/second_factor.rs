//! What a person shows beside their password: a code of their authenticator app, or one of their recovery codes.

mod recovery_code;
mod totp;

use crate::Timestamp;
use crate::id::FactorId;

pub use recovery_code::{InvalidRecoveryCode, RecoveryCode, RecoveryCodeEntropy};
pub use totp::{InvalidTotpCode, TotpCode, TotpEntropy, TotpSecret, TotpStep};

/// How far a second factor has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorState {
    /// Its secret was shown and no code of it has been seen yet. It gates nothing and counts for nothing.
    Pending,
    /// A code of it was seen: every sign-in asks for it.
    Confirmed {
        /// Since when.
        since: Timestamp,
        /// The newest step whose code was used. Neither it nor an older one is accepted again (RFC 6238, section 5.2).
        last_step: TotpStep,
    },
    /// It was taken away, and is kept only as long as that can be undone.
    Removed {
        /// When.
        at: Timestamp,
    },
}

/// A person's authenticator app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Its name.
    pub id: FactorId,
    /// When its secret was made.
    pub created: Timestamp,
    /// How far it has come.
    pub state: FactorState,
    /// When it last let somebody pass.
    pub last_used: Option<Timestamp>,
}

impl Factor {
    /// How long a secret that was shown may wait for its first code.
    pub const ENROLMENT_LIFE: chrono::Duration = chrono::Duration::hours(1);

    /// Whether sign-ins ask for it.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        matches!(self.state, FactorState::Confirmed { .. })
    }

    /// Since when sign-ins ask for it, if they do.
    #[must_use]
    pub const fn confirmed_since(&self) -> Option<Timestamp> {
        match self.state {
            FactorState::Confirmed { since, .. } => Some(since),
            FactorState::Pending | FactorState::Removed { .. } => None,
        }
    }

    /// Whether its first code may still come.
    #[must_use]
    pub fn awaits_confirmation(&self, now: Timestamp) -> bool {
        matches!(self.state, FactorState::Pending) && now < self.created + Self::ENROLMENT_LIFE
    }
}

/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;

/// Their owner is told when no more than this many are left.
pub const FEW_RECOVERY_CODES: u64 = 3;

/// How long a browser may be trusted to sign in without the second factor.
pub const DEVICE_TRUST: chrono::Duration = chrono::Duration::days(30);

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn only_what_is_pending_and_young_awaits_its_confirmation() {
        let at = Timestamp::from_timestamp(1_750_000_000, 0).unwrap();
        let factor = Factor {
            id: FactorId::new(at, &[1; 10]),
            created: at,
            state: FactorState::Pending,
            last_used: None,
        };
        assert!(factor.awaits_confirmation(at + Factor::ENROLMENT_LIFE - Duration::microseconds(1)));
        assert!(!factor.awaits_confirmation(at + Factor::ENROLMENT_LIFE));
        assert!(!factor.is_confirmed());
        let confirmed = Factor {
            state: FactorState::Confirmed {
                since: at,
                last_step: TotpStep::at(at),
            },
            ..factor
        };
        assert!(confirmed.is_confirmed() && !confirmed.awaits_confirmation(at));
        assert_eq!(
            (factor.confirmed_since(), confirmed.confirmed_since()),
            (None, Some(at))
        );
        let removed = Factor {
            state: FactorState::Removed { at },
            ..factor
        };
        assert!(!removed.is_confirmed() && !removed.awaits_confirmation(at));
    }
}
