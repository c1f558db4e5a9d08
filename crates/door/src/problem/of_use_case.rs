//! What the answers of the use cases mean here. Each `match` is complete, so that it breaks when a use case learns a new one.

use rookery_core::{
    AdmissionError, ChangeEmailError, ChangePasswordError, ChangePolicyError, ConfirmEmailError, ConsentError,
    EndSessionError, ExportError, Forbidden, FoundTenantError, InvitationError, JoiningError, KeepAccountError,
    LogInError, MemberError, OversightError, PictureError, PortError, ProfileError, ReauthenticationError,
    ReauthenticationRequired, RecoveryError, Refusal, RegistrationError, RequestDeletionError, RestorationError,
    SecondFactorError, SessionError, SwitchTenantError, TenantActivityError, TenantError, ThrottleError, UnlockError,
    VerificationError,
};
use rookery_domain::Violations;

use super::Problem;

impl From<Violations> for Problem {
    fn from(violations: Violations) -> Self {
        Self::Validation(violations)
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        let cause = error.chain();
        if error.is_unavailable() {
            Self::Unavailable { cause }
        } else {
            Self::Internal { cause }
        }
    }
}

impl From<ReauthenticationRequired> for Problem {
    fn from(ReauthenticationRequired: ReauthenticationRequired) -> Self {
        Self::ReauthenticationRequired
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::TooMany(refusal)
    }
}

impl From<ThrottleError> for Problem {
    fn from(error: ThrottleError) -> Self {
        match error {
            ThrottleError::Refused(refusal) => refusal.into(),
            ThrottleError::Port(error) => error.into(),
        }
    }
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        match error {
            RegistrationError::EmailTaken => Self::EmailTaken,
            RegistrationError::Busy => Self::Busy,
            RegistrationError::Port(error) => error.into(),
        }
    }
}

impl From<LogInError> for Problem {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::InvalidCredentials => Self::InvalidCredentials,
            LogInError::Throttled(refusal) => refusal.into(),
            LogInError::Busy => Self::Busy,
            LogInError::Port(error) => error.into(),
        }
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotSignedIn => Self::AuthenticationRequired,
            SessionError::Port(error) => error.into(),
        }
    }
}

impl From<EndSessionError> for Problem {
    fn from(error: EndSessionError) -> Self {
        match error {
            EndSessionError::NotSignedIn => Self::AuthenticationRequired,
            EndSessionError::NoSuchSession => Self::SessionNotFound,
            EndSessionError::ReauthenticationRequired(required) => required.into(),
            EndSessionError::Port(error) => error.into(),
        }
    }
}

impl From<ReauthenticationError> for Problem {
    fn from(error: ReauthenticationError) -> Self {
        match error {
            ReauthenticationError::NotSignedIn => Self::AuthenticationRequired,
            ReauthenticationError::WrongProof => Self::WrongProof,
            ReauthenticationError::Throttled(refusal) => refusal.into(),
            ReauthenticationError::Busy => Self::Busy,
            ReauthenticationError::Port(error) => error.into(),
        }
    }
}

impl From<SecondFactorError> for Problem {
    fn from(error: SecondFactorError) -> Self {
        match error {
            SecondFactorError::NotSignedIn => Self::AuthenticationRequired,
            SecondFactorError::ReauthenticationRequired(required) => required.into(),
            SecondFactorError::AlreadyEnrolled => Self::SecondFactorEnrolled,
            SecondFactorError::NotEnrolled => Self::NoSecondFactor,
            SecondFactorError::RequiredByTenant => Self::SecondFactorKept,
            SecondFactorError::NotTrusted => Self::TrustedDeviceNotFound,
            SecondFactorError::WrongCode => Self::WrongCode,
            SecondFactorError::Throttled(refusal) => refusal.into(),
            SecondFactorError::Port(error) => error.into(),
        }
    }
}

impl From<VerificationError> for Problem {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::InvalidToken => Self::InvalidVerificationToken,
            VerificationError::TokenExpired => Self::VerificationTokenExpired,
            VerificationError::TokenAlreadyUsed => Self::VerificationTokenAlreadyUsed,
            VerificationError::Throttled(refusal) => refusal.into(),
            VerificationError::Port(error) => error.into(),
        }
    }
}

impl From<UnlockError> for Problem {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::InvalidToken => Self::InvalidMailedToken,
            UnlockError::Port(error) => error.into(),
        }
    }
}

impl From<RecoveryError> for Problem {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::InvalidToken => Self::InvalidResetToken,
            RecoveryError::Invalid(violations) => Self::Validation(violations),
            RecoveryError::Throttled(refusal) => refusal.into(),
            RecoveryError::Busy => Self::Busy,
            RecoveryError::Port(error) => error.into(),
        }
    }
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::NotSignedIn => Self::AuthenticationRequired,
            ChangePasswordError::Invalid(violations) => Self::Validation(violations),
            ChangePasswordError::WrongPassword => Self::WrongCurrentPassword,
            ChangePasswordError::Throttled(refusal) => refusal.into(),
            ChangePasswordError::Busy => Self::Busy,
            ChangePasswordError::Port(error) => error.into(),
        }
    }
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::Invalid(violations) => Self::Validation(violations),
            ProfileError::NotFound => Self::UserNotFound,
            ProfileError::Port(error) => error.into(),
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Unacceptable(fault) => Self::Validation(Violations::of("picture", fault.to_string())),
            PictureError::Throttled(refusal) => refusal.into(),
            PictureError::Busy => Self::Busy,
            PictureError::NotFound => Self::UserNotFound,
            PictureError::Port(error) => error.into(),
        }
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NotSignedIn => Self::AuthenticationRequired,
            ExportError::NotFound => Self::ExportNotFound,
            ExportError::ReauthenticationRequired(required) => required.into(),
            ExportError::Throttled(refusal) => refusal.into(),
            ExportError::Port(error) => error.into(),
        }
    }
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::NotSignedIn => Self::AuthenticationRequired,
            ConsentError::Port(error) => error.into(),
        }
    }
}

impl From<ChangeEmailError> for Problem {
    fn from(error: ChangeEmailError) -> Self {
        match error {
            ChangeEmailError::NotSignedIn => Self::AuthenticationRequired,
            ChangeEmailError::Invalid(violations) => Self::Validation(violations),
            ChangeEmailError::WrongPassword => Self::WrongCurrentPassword,
            ChangeEmailError::EmailTaken => Self::EmailTaken,
            ChangeEmailError::Throttled(refusal) => refusal.into(),
            ChangeEmailError::Busy => Self::Busy,
            ChangeEmailError::Port(error) => error.into(),
        }
    }
}

impl From<ConfirmEmailError> for Problem {
    fn from(error: ConfirmEmailError) -> Self {
        match error {
            ConfirmEmailError::InvalidToken => Self::InvalidMailedToken,
            ConfirmEmailError::EmailTaken => Self::EmailTaken,
            ConfirmEmailError::Port(error) => error.into(),
        }
    }
}

impl From<RestorationError> for Problem {
    fn from(error: RestorationError) -> Self {
        match error {
            RestorationError::InvalidToken => Self::InvalidMailedToken,
            RestorationError::Port(error) => error.into(),
        }
    }
}

impl From<TenantActivityError> for Problem {
    fn from(error: TenantActivityError) -> Self {
        match error {
            TenantActivityError::NotFound => Self::TenantNotFound,
            TenantActivityError::ReauthenticationRequired(required) => required.into(),
            TenantActivityError::Port(error) => error.into(),
        }
    }
}

impl From<Forbidden> for Problem {
    fn from(Forbidden: Forbidden) -> Self {
        Self::ForbiddenRole
    }
}

/// Whoever is no staff hears what is heard where nothing is.
impl From<AdmissionError> for Problem {
    fn from(error: AdmissionError) -> Self {
        match error {
            AdmissionError::NotStaff => Self::NotFound,
            AdmissionError::EmailNotVerified => Self::EmailNotVerified,
            AdmissionError::SecondFactorMissing => Self::SecondFactorRequired,
            AdmissionError::SecondFactorNotShown => Self::SecondFactorNotShown,
            AdmissionError::ReauthenticationRequired(required) => required.into(),
            AdmissionError::Port(error) => error.into(),
        }
    }
}

impl From<OversightError> for Problem {
    fn from(error: OversightError) -> Self {
        match error {
            OversightError::NotStaff => Self::NotFound,
            OversightError::Forbidden(forbidden) => forbidden.into(),
            OversightError::NoSuchAccount => Self::UserNotFound,
            OversightError::NoSuchTenant => Self::TenantNotFound,
            OversightError::Oneself => Self::ForbiddenOnOneself,
            OversightError::Protected => Self::StaffProtected,
            OversightError::Suspended => Self::AccountSuspended,
            OversightError::AlreadyVerified => Self::EmailAlreadyVerified,
            OversightError::NotConfirmed => {
                Violations::of("confirmation", "Confirmation must be the account's address or id").into()
            }
            OversightError::NoReason => Violations::of("reason", "Reason is required").into(),
            OversightError::Held => Self::OnLegalHold,
            OversightError::NotHeld => Self::NotOnLegalHold,
            OversightError::NeedsOwners(stakes) => Self::TenantsNeedOwner(stakes),
            OversightError::ReauthenticationRequired(required) => required.into(),
            OversightError::Throttled(refusal) => refusal.into(),
            OversightError::Port(error) => error.into(),
        }
    }
}

impl From<TenantError> for Problem {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::NotFound => Self::TenantNotFound,
            TenantError::Forbidden(forbidden) => forbidden.into(),
            TenantError::ReauthenticationRequired(required) => required.into(),
            TenantError::Port(error) => error.into(),
        }
    }
}

impl From<ChangePolicyError> for Problem {
    fn from(error: ChangePolicyError) -> Self {
        match error {
            ChangePolicyError::NotFound => Self::TenantNotFound,
            ChangePolicyError::Forbidden(forbidden) => forbidden.into(),
            ChangePolicyError::ReauthenticationRequired(required) => required.into(),
            ChangePolicyError::Invalid(violations) => Self::Validation(violations),
            ChangePolicyError::Superseded => Self::PreconditionFailed,
            ChangePolicyError::Port(error) => error.into(),
        }
    }
}

impl From<FoundTenantError> for Problem {
    fn from(error: FoundTenantError) -> Self {
        match error {
            FoundTenantError::NotSignedIn => Self::AuthenticationRequired,
            FoundTenantError::EmailNotVerified => Self::EmailNotVerified,
            FoundTenantError::Throttled(refusal) => refusal.into(),
            FoundTenantError::Port(error) => error.into(),
        }
    }
}

impl From<SwitchTenantError> for Problem {
    fn from(error: SwitchTenantError) -> Self {
        match error {
            SwitchTenantError::NotSignedIn => Self::AuthenticationRequired,
            SwitchTenantError::NotFound => Self::TenantNotFound,
            SwitchTenantError::Forbidden(forbidden) => forbidden.into(),
            SwitchTenantError::ReauthenticationRequired(required) => required.into(),
            SwitchTenantError::Port(error) => error.into(),
        }
    }
}

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::NoSuchTenant => Self::TenantNotFound,
            MemberError::Forbidden(forbidden) => forbidden.into(),
            MemberError::NoSuchMember => Self::UserNotFound,
            MemberError::LastOwner => Self::LastOwner,
            MemberError::NotAnother => Violations::of("userId", "Must be another member").into(),
            MemberError::ReauthenticationRequired(required) => required.into(),
            MemberError::Port(error) => error.into(),
        }
    }
}

impl From<RequestDeletionError> for Problem {
    fn from(error: RequestDeletionError) -> Self {
        match error {
            RequestDeletionError::NotSignedIn => Self::AuthenticationRequired,
            RequestDeletionError::Invalid(violations) => Self::Validation(violations),
            RequestDeletionError::WrongPassword => Self::WrongCurrentPassword,
            RequestDeletionError::WrongCode => Self::WrongCode,
            RequestDeletionError::ReauthenticationRequired(required) => required.into(),
            RequestDeletionError::SoleOwner(stakes) => Self::SoleOwner(stakes),
            RequestDeletionError::Throttled(refusal) => refusal.into(),
            RequestDeletionError::Busy => Self::Busy,
            RequestDeletionError::Port(error) => error.into(),
        }
    }
}

impl From<KeepAccountError> for Problem {
    fn from(error: KeepAccountError) -> Self {
        match error {
            KeepAccountError::InvalidToken => Self::InvalidMailedToken,
            KeepAccountError::Port(error) => error.into(),
        }
    }
}

impl From<InvitationError> for Problem {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::NoSuchTenant => Self::TenantNotFound,
            InvitationError::Forbidden(forbidden) => forbidden.into(),
            InvitationError::ReauthenticationRequired(required) => required.into(),
            InvitationError::EmailNotVerified => Self::EmailNotVerified,
            InvitationError::NoSuchInvitation => Self::InvitationNotFound,
            InvitationError::Settled => Self::InvitationSettled,
            InvitationError::AlreadyMember => Self::AlreadyMember,
            InvitationError::Throttled(refusal) => refusal.into(),
            InvitationError::Port(error) => error.into(),
        }
    }
}

impl From<JoiningError> for Problem {
    fn from(error: JoiningError) -> Self {
        match error {
            JoiningError::Dead(dead) => Self::DeadInvitation(dead),
            JoiningError::SignInRequired => Self::SignInRequired,
            JoiningError::SignedInAsSomeoneElse => Self::SignedInAsSomeoneElse,
            JoiningError::AlreadyMember => Self::AlreadyMember,
            JoiningError::EmailTaken => Self::EmailTaken,
            JoiningError::Invalid(violations) => Self::Validation(violations),
            JoiningError::Busy => Self::Busy,
            JoiningError::Port(error) => error.into(),
        }
    }
}
