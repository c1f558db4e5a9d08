//! What letters have in common.

use rookery_domain::Timestamp;

use super::Letter;

impl Letter {
    /// How the person wants to be addressed.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::VerifyEmail { name, .. }
            | Self::ResetPassword { name, .. }
            | Self::PasswordChanged { name, .. }
            | Self::ConfirmNewEmail { name, .. }
            | Self::EmailChangeRequested { name, .. }
            | Self::EmailChanged { name, .. }
            | Self::NewEmailConfirmed { name, .. }
            | Self::ChangeUndone { name, .. }
            | Self::AlreadyRegistered { name, .. }
            | Self::AccountLocked { name, .. }
            | Self::NewDevice { name, .. }
            | Self::SecondFactorChanged { name, .. }
            | Self::RecoveryCodesLow { name, .. }
            | Self::InvitationAccepted { name, .. }
            | Self::TenantJoined { name, .. }
            | Self::SessionsEnded { name, .. }
            | Self::PolicyChanged { name, .. }
            | Self::SecondFactorRequired { name, .. }
            | Self::Welcome { name, .. } => name.as_deref(),
            // Nobody may know yet who reads the mailbox.
            Self::Invitation { .. } => None,
        }
    }

    /// Where its button leads.
    #[must_use]
    pub fn link(&self) -> &str {
        match self {
            Self::VerifyEmail { link, .. }
            | Self::ResetPassword { link, .. }
            | Self::ConfirmNewEmail { link, .. }
            | Self::AccountLocked { link, .. }
            | Self::Invitation { link, .. }
            | Self::ChangeUndone { link, .. } => link,
            Self::NewDevice { undo, .. }
            | Self::PasswordChanged { undo, .. }
            | Self::SecondFactorChanged { undo, .. }
            | Self::EmailChanged { undo, .. } => undo,
            Self::EmailChangeRequested { recover, .. } => recover,
            Self::NewEmailConfirmed { home, .. }
            | Self::RecoveryCodesLow { home, .. }
            | Self::SessionsEnded { home, .. }
            | Self::AlreadyRegistered { home, .. }
            | Self::InvitationAccepted { home, .. }
            | Self::TenantJoined { home, .. }
            | Self::PolicyChanged { home, .. }
            | Self::SecondFactorRequired { home, .. }
            | Self::Welcome { home, .. } => home,
        }
    }

    /// The code beside the link, where it has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::VerifyEmail { code, .. } | Self::ResetPassword { code, .. } | Self::ChangeUndone { code, .. } => {
                code.as_deref()
            }
            _ => None,
        }
    }

    /// When that link ends, if it does.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::VerifyEmail { expires, .. }
            | Self::ResetPassword { expires, .. }
            | Self::PasswordChanged { expires, .. }
            | Self::ConfirmNewEmail { expires, .. }
            | Self::EmailChanged { expires, .. }
            | Self::AccountLocked { expires, .. }
            | Self::NewDevice { expires, .. }
            | Self::SecondFactorChanged { expires, .. }
            | Self::Invitation { expires, .. }
            | Self::ChangeUndone { expires, .. } => Some(*expires),
            Self::RecoveryCodesLow { .. }
            | Self::InvitationAccepted { .. }
            | Self::TenantJoined { .. }
            | Self::SessionsEnded { .. }
            | Self::PolicyChanged { .. }
            | Self::SecondFactorRequired { .. }
            | Self::EmailChangeRequested { .. }
            | Self::NewEmailConfirmed { .. }
            | Self::AlreadyRegistered { .. }
            | Self::Welcome { .. } => None,
        }
    }

    /// When what it tells of was done, if it tells of something that was.
    #[must_use]
    pub const fn at(&self) -> Option<Timestamp> {
        match self {
            Self::PasswordChanged { at, .. }
            | Self::EmailChangeRequested { at, .. }
            | Self::EmailChanged { at, .. }
            | Self::AccountLocked { at, .. }
            | Self::NewDevice { at, .. }
            | Self::SecondFactorChanged { at, .. }
            | Self::InvitationAccepted { at, .. }
            | Self::TenantJoined { at, .. }
            | Self::RecoveryCodesLow { at, .. }
            | Self::PolicyChanged { at, .. }
            | Self::SessionsEnded { at, .. } => Some(*at),
            Self::VerifyEmail { .. }
            | Self::ResetPassword { .. }
            | Self::ConfirmNewEmail { .. }
            | Self::NewEmailConfirmed { .. }
            | Self::ChangeUndone { .. }
            | Self::SecondFactorRequired { .. }
            | Self::AlreadyRegistered { .. }
            | Self::Invitation { .. }
            | Self::Welcome { .. } => None,
        }
    }
}
