//! What other systems can be told of.

use crate::AuditAction;

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $word:literal <- $($action:ident)|*;)+) => {
        /// A kind of account event that is sent to webhooks.
        ///
        /// Each stands for one or more actions of the audit log that came to a good end. What is refused is nobody
        /// else's business, and must cost the same whether or not an account exists.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum WebhookEvent {
            $($(#[$doc])* $variant,)+
        }

        impl WebhookEvent {
            /// Every kind that happens by itself and can be chosen for a webhook.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Which action becomes which kind.
            pub const OF_ACTIONS: &'static [(AuditAction, Self)] =
                &[$($((AuditAction::$action, Self::$variant)),*),+];

            /// The word on the wire and in rows.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

events! {
    /// Somebody signed up, or an operator made an account.
    UserCreated = "user.created" <- SignUp;
    /// Name, picture or preferences changed.
    UserUpdated = "user.updated" <- ProfileUpdate;
    /// The address is proved to be the person's.
    UserVerified = "user.verified" <- EmailVerified;
    /// The account was shut; all its sessions have ended.
    UserDisabled = "user.disabled" <- Disabled;
    /// The account is open again.
    UserEnabled = "user.enabled" <- Enabled;
    /// The owner undid a change that was not theirs; all sessions have ended.
    UserChangeUndone = "user.change_undone" <- Undone;
    /// Somebody signed in.
    SessionCreated = "session.created" <- LogIn;
    /// Somebody signed out, or ended one of their other sessions.
    SessionRevoked = "session.revoked" <- LogOut | SessionEnded;
    /// Somebody ended all their sessions but the one that is named.
    OtherSessionsRevoked = "session.others_revoked" <- OtherSessionsEnded;
    /// Staff ended all of somebody's sessions.
    AllSessionsRevoked = "session.all_revoked" <- AllSessionsEnded;
    /// The password was changed; all sessions but the one that is named have ended.
    PasswordChanged = "password.changed" <- PasswordChange;
    /// The password was set through a mailed link; all sessions have ended.
    PasswordReset = "password.reset" <- PasswordReset;
    /// The address changed.
    EmailChanged = "email.changed" <- EmailChanged;
    /// A second factor was set up.
    FactorAdded = "factor.added" <- FactorAdded;
    /// A second factor was taken away.
    FactorRemoved = "factor.removed" <- FactorRemoved;
    /// Recovery codes were made anew.
    RecoveryCodesRenewed = "factor.recovery_codes_renewed" <- RecoveryCodesRenewed;
    /// Somebody made a tenant, and owns it.
    TenantCreated = "tenant.created" <- TenantCreated;
    /// The tenant has another name.
    TenantUpdated = "tenant.updated" <- TenantRenamed;
    /// The tenant asks other things of its members.
    TenantPolicyChanged = "tenant.policy_changed" <- PolicyChanged;
    /// The person who is named owns the tenant now.
    OwnershipTransferred = "tenant.ownership_transferred" <- OwnershipTransferred;
    /// The person who is named has invited somebody into the tenant.
    InvitationCreated = "invitation.created" <- Invited;
    /// The person who is named has had an invitation mailed again, and stands for it from now on.
    InvitationResent = "invitation.resent" <- InvitationResent;
    /// The person who is named has taken an invitation back.
    InvitationRevoked = "invitation.revoked" <- InvitationRevoked;
    /// The person who is named belongs to the tenant now.
    InvitationAccepted = "invitation.accepted" <- InvitationAccepted;
    /// An invitation by the person who is named was declined.
    InvitationDeclined = "invitation.declined" <- InvitationDeclined;
    /// The member who is named has other roles.
    MemberUpdated = "member.updated" <- MemberRolesChanged;
    /// The person who is named is no member any more.
    MemberRemoved = "member.removed" <- MemberRemoved | MemberLeft;
}

impl WebhookEvent {
    /// What an action of the audit log is to other systems, if it is anything.
    #[must_use]
    pub fn of(action: AuditAction) -> Option<Self> {
        let mut table = Self::OF_ACTIONS.iter();
        table.find(|(known, _)| *known == action).map(|(_, event)| *event)
    }

    /// The meaning of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == word)
    }

    /// Whether it is about one session alone: a tenant is told of those opened inside it, and of no other's.
    #[must_use]
    pub const fn is_of_a_session(self) -> bool {
        matches!(
            self,
            Self::SessionCreated | Self::SessionRevoked | Self::OtherSessionsRevoked
        )
    }

    /// Whether it is about one tenant and its members, and so no other tenant's business, whoever belongs to both.
    #[must_use]
    pub const fn is_of_a_tenant(self) -> bool {
        matches!(
            self,
            Self::TenantCreated
                | Self::TenantUpdated
                | Self::TenantPolicyChanged
                | Self::OwnershipTransferred
                | Self::InvitationCreated
                | Self::InvitationResent
                | Self::InvitationRevoked
                | Self::InvitationAccepted
                | Self::InvitationDeclined
                | Self::MemberUpdated
                | Self::MemberRemoved
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own_that_reads_back() {
        for &event in WebhookEvent::ALL {
            assert_eq!(WebhookEvent::from_word(event.as_str()), Some(event));
        }
        assert_eq!(WebhookEvent::from_word("user.exploded"), None);
    }

    #[test]
    fn no_action_becomes_two_kinds() {
        for (action, event) in WebhookEvent::OF_ACTIONS {
            assert_eq!(WebhookEvent::of(*action), Some(*event), "{action:?}");
        }
    }

    /// Asking for a mail or being locked out happens to addresses without an account, too: an event would tell, by its
    /// cost, which is which.
    #[test]
    fn what_a_stranger_can_cause_is_no_event() {
        for action in [
            AuditAction::PasswordResetRequest,
            AuditAction::VerificationRequest,
            AuditAction::Locked,
        ] {
            assert_eq!(WebhookEvent::of(action), None, "{action:?}");
        }
    }
}
