//! What happened, told without secrets: the words of the audit log.

use std::net::IpAddr;

/// Who stands behind a request, as far as the wire shows it. Personal data: kept with the event, never logged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// Whether it is whoever runs the service, at its command line. No request can say so.
    pub is_operator: bool,
    /// Which door they came by.
    pub channel: Channel,
    /// The id the response carries in `X-Request-Id`.
    pub request_id: Option<String>,
    /// The client's network address, as far as it can be trusted.
    pub address: Option<IpAddr>,
    /// What the client calls itself, cut to [`Caller::MAX_USER_AGENT`] characters.
    pub user_agent: Option<String>,
}

impl Caller {
    /// Most characters of a client's name that are kept.
    pub const MAX_USER_AGENT: usize = 512;

    /// Whoever runs the service, at its command line.
    #[must_use]
    pub const fn operator() -> Self {
        Self {
            is_operator: true,
            channel: Channel::CommandLine,
            request_id: None,
            address: None,
            user_agent: None,
        }
    }
}

/// The door a request came by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// The one for programs.
    #[default]
    Api,
    /// The pages for people.
    Pages,
    /// The operator's command line.
    CommandLine,
}

impl Channel {
    /// Every door there is.
    pub const ALL: [Self; 3] = [Self::Api, Self::Pages, Self::CommandLine];

    /// The word of rows and wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Pages => "page",
            Self::CommandLine => "operator",
        }
    }

    /// The meaning of a row's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every word there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word rows use.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The meaning of a row's word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

mod actor;
mod sentence;

pub use actor::Actor;

words! {
    /// What somebody did or tried.
    AuditAction {
        /// An account was made.
        SignUp = "user.created",
        /// Somebody signed in, or tried to.
        LogIn = "session.created",
        /// Somebody signed out.
        LogOut = "session.revoked",
        /// A reset mail was asked for.
        PasswordResetRequest = "password.reset_requested",
        /// A password was set through a reset mail.
        PasswordReset = "password.reset",
        /// A password was changed by its owner.
        PasswordChange = "password.changed",
        /// A verification mail was asked for again.
        VerificationRequest = "email.verification_requested",
        /// An address was verified.
        EmailVerified = "email.verified",
        /// The profile or the preferences changed.
        ProfileUpdate = "user.updated",
        /// An operator shut an account.
        Disabled = "user.disabled",
        /// An operator opened an account again.
        Enabled = "user.enabled",
        /// Somebody proved again who they are, or tried to.
        Reauthentication = "session.reauthenticated",
        /// One of a person's other sessions was ended.
        SessionEnded = "session.ended",
        /// All of a person's other sessions were ended.
        OtherSessionsEnded = "session.others_ended",
        /// Failed sign-ins locked the account for unknown devices.
        Locked = "user.locked",
        /// A mailed link lifted that lock.
        Unlocked = "user.unlocked",
        /// A change of the address was asked for.
        EmailChangeRequest = "email.change_requested",
        /// It was called off.
        EmailChangeCancelled = "email.change_cancelled",
        /// The address changed.
        EmailChanged = "email.changed",
        /// The owner undid a change that was not theirs.
        Undone = "user.change_undone",
        /// The secret of a second factor was shown; it does not count yet.
        FactorBegun = "factor.begun",
        /// A second factor was set up.
        FactorAdded = "factor.added",
        /// A second factor was taken away.
        FactorRemoved = "factor.removed",
        /// Recovery codes were made anew.
        RecoveryCodesRenewed = "factor.recovery_codes_renewed",
        /// A recovery code was used up.
        RecoveryCodeUsed = "factor.recovery_code_used",
        /// The password was right, and the second factor is asked for.
        SecondFactorAsked = "factor.asked",
        /// A second factor was shown at sign-in, or a wrong one.
        SecondFactor = "factor.verified",
        /// A browser was trusted to sign in without the second factor.
        DeviceTrusted = "device.trusted",
        /// That trust was taken back.
        DeviceForgotten = "device.forgotten",
        /// A tenant was made.
        TenantCreated = "tenant.created",
        /// A tenant was given another name.
        TenantRenamed = "tenant.updated",
        /// What a tenant asks of its members changed.
        PolicyChanged = "tenant.policy_changed",
        /// A member was given other roles.
        MemberRolesChanged = "member.updated",
        /// A member was removed from the tenant.
        MemberRemoved = "member.removed",
        /// A member left the tenant.
        MemberLeft = "member.left",
        /// An owner made another member the owner in their place.
        OwnershipTransferred = "tenant.ownership_transferred",
        /// Somebody was invited into a tenant.
        Invited = "invitation.created",
        /// An invitation was mailed again, with a new link.
        InvitationResent = "invitation.resent",
        /// An invitation was taken back.
        InvitationRevoked = "invitation.revoked",
        /// Whoever was invited has joined the tenant.
        InvitationAccepted = "invitation.accepted",
        /// Whoever was invited does not want to join.
        InvitationDeclined = "invitation.declined",
        /// A session went on in another tenant.
        TenantSwitched = "session.tenant_switched",
        /// Somebody asked for their account to be deleted.
        DeletionRequested = "user.deletion_requested",
        /// The account is kept after all.
        DeletionCancelled = "user.deletion_cancelled",
        /// An account was erased, for good.
        Erased = "user.deleted",
        /// A tenant was closed together with the account of its only member.
        TenantClosed = "tenant.closed",
        /// It was opened again, for the account is kept.
        TenantReopened = "tenant.reopened",
        /// An operator forbade to erase an account, for as long as something is being looked into.
        HoldPlaced = "user.hold_placed",
        /// The account may be erased again.
        HoldReleased = "user.hold_released",
        /// Staff looked at an account; told to its owner.
        LookedAt = "user.looked_at",
        /// Staff ended all of a person's sessions; told to them.
        AllSessionsEnded = "session.all_ended",
        /// Staff had a reset mail sent; told to whoever got it.
        ResetMailed = "password.reset_mailed",
        /// Staff had a verification mail sent; told to whoever got it.
        VerificationMailed = "email.verification_mailed",
        /// The command line made somebody staff, or gave them another role.
        StaffGranted = "staff.granted",
        /// The command line took a staff role away.
        StaffRevoked = "staff.revoked",
        /// Staff searched for people.
        StaffSearchedUsers = "staff.users_searched",
        /// Staff looked at an account.
        StaffLookedAtUser = "staff.user_looked_at",
        /// Staff searched for tenants.
        StaffSearchedTenants = "staff.tenants_searched",
        /// Staff looked at a tenant.
        StaffLookedAtTenant = "staff.tenant_looked_at",
        /// Staff read what staff did.
        StaffReadLog = "staff.log_read",
        /// Staff shut an account.
        StaffSuspended = "staff.user_suspended",
        /// Staff opened an account again.
        StaffRestored = "staff.user_restored",
        /// Staff forbade to erase an account.
        StaffHeld = "staff.user_held",
        /// Staff allowed it again.
        StaffReleased = "staff.user_released",
        /// Staff erased an account.
        StaffErased = "staff.user_erased",
        /// Staff ended all of somebody's sessions.
        StaffEndedSessions = "staff.sessions_ended",
        /// Staff had a reset mail sent.
        StaffMailedReset = "staff.reset_mailed",
        /// Staff had a verification mail sent.
        StaffMailedVerification = "staff.verification_mailed",
        /// A copy of everything that is kept about a person was asked for.
        ExportRequested = "export.requested",
        /// It was made, or could not be.
        ExportMade = "export.ready",
        /// It was fetched.
        ExportFetched = "export.downloaded",
        /// Somebody agreed to something.
        ConsentGiven = "consent.given",
        /// They took that back.
        ConsentWithdrawn = "consent.withdrawn",
        /// A webhook was set up.
        WebhookAdded = "webhook.added",
        /// A webhook was changed.
        WebhookChanged = "webhook.changed",
        /// A webhook was taken away.
        WebhookRemoved = "webhook.removed",
    }
}

words! {
    /// How it went.
    AuditOutcome {
        /// As it was meant.
        Success = "success",
        /// It was refused.
        Failure = "failure",
    }
}

impl AuditAction {
    /// How every word begins for what staff do: their own log is made of these.
    pub const OF_STAFF: &'static str = "staff.";

    /// Whether it belongs into the log of what staff do.
    #[must_use]
    pub fn is_of_staff(self) -> bool {
        self.as_str().starts_with(Self::OF_STAFF)
    }

    /// Whether this is part of signing in: what a person's log-in history is made of.
    #[must_use]
    pub const fn is_log_in(self) -> bool {
        matches!(
            self,
            Self::LogIn | Self::SecondFactorAsked | Self::SecondFactor | Self::RecoveryCodeUsed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_word_of_its_own_that_reads_back() {
        for &action in AuditAction::ALL {
            assert_eq!(AuditAction::from_word(action.as_str()), Some(action));
        }
        assert_eq!(AuditAction::from_word("user.exploded"), None);
    }
}
