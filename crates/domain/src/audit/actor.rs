//! Who acted.

use super::{AuditAction, AuditOutcome};

words! {
    /// Who did it or tried, as far as it is known.
    Actor {
        /// The person whose account it is about: signed in, or holding what was mailed to them.
        Person = "user",
        /// Somebody who has not shown who they are.
        Stranger = "anonymous",
        /// Somebody of the staff, signed in.
        Staff = "staff",
        /// Whoever runs the service, from its command line.
        Operator = "operator",
        /// The service by itself.
        Service = "service",
    }
}

impl Actor {
    /// Who usually stands behind this: whoever shows a right password, token or session is the person, whoever does not is a
    /// stranger.
    #[must_use]
    pub const fn usual(action: AuditAction, outcome: AuditOutcome) -> Self {
        match (action, outcome) {
            (AuditAction::Disabled | AuditAction::Enabled, _) => Self::Operator,
            (AuditAction::Locked, _) => Self::Service,
            // What nobody needs to be anybody for, and what is tried with a code, a mailed token or a password by nobody who
            // is signed in.
            (
                AuditAction::PasswordResetRequest | AuditAction::VerificationRequest | AuditAction::InvitationDeclined,
                _,
            )
            | (
                AuditAction::SignUp
                | AuditAction::LogIn
                | AuditAction::SecondFactor
                | AuditAction::RecoveryCodeUsed
                | AuditAction::PasswordReset
                | AuditAction::EmailVerified
                | AuditAction::EmailChanged
                | AuditAction::Unlocked
                | AuditAction::Undone,
                AuditOutcome::Failure,
            ) => Self::Stranger,
            _ => Self::Person,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_at_the_door_is_a_stranger_s_and_one_inside_is_the_person_s() {
        let actor = |action| Actor::usual(action, AuditOutcome::Failure);
        assert_eq!(actor(AuditAction::LogIn), Actor::Stranger);
        assert_eq!(actor(AuditAction::PasswordChange), Actor::Person);
        assert_eq!(Actor::usual(AuditAction::LogIn, AuditOutcome::Success), Actor::Person);
        assert_eq!(
            Actor::usual(AuditAction::Disabled, AuditOutcome::Success),
            Actor::Operator
        );
    }

    #[test]
    fn every_actor_has_a_word_of_its_own_that_reads_back() {
        for &actor in Actor::ALL {
            assert_eq!(Actor::from_word(actor.as_str()), Some(actor));
        }
    }
}
