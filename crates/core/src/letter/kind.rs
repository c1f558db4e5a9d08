//! Which letters there are.

use super::Letter;

/// The kinds of letters, by the words rows use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterKind {
    /// [`Letter::VerifyEmail`]
    VerifyEmail,
    /// [`Letter::ResetPassword`]
    ResetPassword,
    /// [`Letter::PasswordChanged`]
    PasswordChanged,
    /// [`Letter::ConfirmNewEmail`]
    ConfirmNewEmail,
    /// [`Letter::EmailChangeRequested`]
    EmailChangeRequested,
    /// [`Letter::EmailChanged`]
    EmailChanged,
    /// [`Letter::NewEmailConfirmed`]
    NewEmailConfirmed,
    /// [`Letter::ChangeUndone`]
    ChangeUndone,
    /// [`Letter::AlreadyRegistered`]
    AlreadyRegistered,
    /// [`Letter::AccountLocked`]
    AccountLocked,
    /// [`Letter::NewDevice`]
    NewDevice,
    /// [`Letter::SecondFactorChanged`]
    SecondFactorChanged,
    /// [`Letter::RecoveryCodesLow`]
    RecoveryCodesLow,
    /// [`Letter::DeletionScheduled`]
    DeletionScheduled,
    /// [`Letter::AccountKept`]
    AccountKept,
    /// [`Letter::AccountErased`]
    AccountErased,
    /// [`Letter::SessionsEnded`]
    SessionsEnded,
    /// [`Letter::Invitation`]
    Invitation,
    /// [`Letter::InvitationAccepted`]
    InvitationAccepted,
    /// [`Letter::TenantJoined`]
    TenantJoined,
    /// [`Letter::PolicyChanged`]
    PolicyChanged,
    /// [`Letter::SecondFactorRequired`]
    SecondFactorRequired,
    /// [`Letter::ExportReady`]
    ExportReady,
    /// [`Letter::Welcome`]
    Welcome,
}

impl LetterKind {
    /// Every kind there is.
    pub const ALL: &'static [Self] = &[
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::PasswordChanged,
        Self::ConfirmNewEmail,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::NewEmailConfirmed,
        Self::ChangeUndone,
        Self::AlreadyRegistered,
        Self::AccountLocked,
        Self::NewDevice,
        Self::SecondFactorChanged,
        Self::RecoveryCodesLow,
        Self::DeletionScheduled,
        Self::AccountKept,
        Self::AccountErased,
        Self::SessionsEnded,
        Self::Invitation,
        Self::InvitationAccepted,
        Self::TenantJoined,
        Self::PolicyChanged,
        Self::SecondFactorRequired,
        Self::ExportReady,
        Self::Welcome,
    ];

    /// The word rows use; the same as the tag of the letter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::ConfirmNewEmail => "confirm_new_email",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::NewEmailConfirmed => "new_email_confirmed",
            Self::ChangeUndone => "change_undone",
            Self::AlreadyRegistered => "already_registered",
            Self::AccountLocked => "account_locked",
            Self::NewDevice => "new_device",
            Self::SecondFactorChanged => "second_factor_changed",
            Self::RecoveryCodesLow => "recovery_codes_low",
            Self::DeletionScheduled => "deletion_scheduled",
            Self::AccountKept => "account_kept",
            Self::AccountErased => "account_erased",
            Self::SessionsEnded => "sessions_ended",
            Self::Invitation => "invitation",
            Self::InvitationAccepted => "invitation_accepted",
            Self::TenantJoined => "tenant_joined",
            Self::PolicyChanged => "policy_changed",
            Self::SecondFactorRequired => "second_factor_required",
            Self::ExportReady => "export_ready",
            Self::Welcome => "welcome",
        }
    }

    /// Whether nothing of the mail is kept once it is sent or given up, not even where it went: whoever gets it has no
    /// account any more.
    #[must_use]
    pub const fn leaves_no_trace(self) -> bool {
        matches!(self, Self::AccountErased)
    }
}

impl Letter {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> LetterKind {
        match self {
            Self::VerifyEmail { .. } => LetterKind::VerifyEmail,
            Self::ResetPassword { .. } => LetterKind::ResetPassword,
            Self::PasswordChanged { .. } => LetterKind::PasswordChanged,
            Self::ConfirmNewEmail { .. } => LetterKind::ConfirmNewEmail,
            Self::EmailChangeRequested { .. } => LetterKind::EmailChangeRequested,
            Self::EmailChanged { .. } => LetterKind::EmailChanged,
            Self::NewEmailConfirmed { .. } => LetterKind::NewEmailConfirmed,
            Self::ChangeUndone { .. } => LetterKind::ChangeUndone,
            Self::AlreadyRegistered { .. } => LetterKind::AlreadyRegistered,
            Self::AccountLocked { .. } => LetterKind::AccountLocked,
            Self::NewDevice { .. } => LetterKind::NewDevice,
            Self::SecondFactorChanged { .. } => LetterKind::SecondFactorChanged,
            Self::RecoveryCodesLow { .. } => LetterKind::RecoveryCodesLow,
            Self::DeletionScheduled { .. } => LetterKind::DeletionScheduled,
            Self::AccountKept { .. } => LetterKind::AccountKept,
            Self::AccountErased { .. } => LetterKind::AccountErased,
            Self::SessionsEnded { .. } => LetterKind::SessionsEnded,
            Self::Invitation { .. } => LetterKind::Invitation,
            Self::InvitationAccepted { .. } => LetterKind::InvitationAccepted,
            Self::TenantJoined { .. } => LetterKind::TenantJoined,
            Self::PolicyChanged { .. } => LetterKind::PolicyChanged,
            Self::SecondFactorRequired { .. } => LetterKind::SecondFactorRequired,
            Self::ExportReady { .. } => LetterKind::ExportReady,
            Self::Welcome { .. } => LetterKind::Welcome,
        }
    }
}
