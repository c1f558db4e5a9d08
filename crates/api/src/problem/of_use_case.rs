//! What the answers of the use cases mean here. Each `match` is complete, so that it breaks when a use case learns a new one.

use rookery_core::{
    ChangePasswordError, LogInError, PortError, ProfileError, ReauthenticationRequired, RecoveryError, Refusal,
    RegistrationError, SessionError, ThrottleError, VerificationError,
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

impl From<VerificationError> for Problem {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::InvalidToken => Self::InvalidVerificationToken,
            VerificationError::TokenExpired => Self::VerificationTokenExpired,
            VerificationError::TokenAlreadyUsed => Self::VerificationTokenAlreadyUsed,
            VerificationError::Port(error) => error.into(),
        }
    }
}

impl From<RecoveryError> for Problem {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::InvalidToken => Self::InvalidResetToken,
            RecoveryError::Invalid(violations) => Self::Validation(violations),
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
