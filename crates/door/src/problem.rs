//! The one table from what went wrong to status, code and sentence.

mod of_use_case;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpResponse, ResponseError};
use rookery_core::ports::TenantStake;
use rookery_core::{DeadInvitation, Refusal};
use rookery_domain::Violations;
use thiserror::Error;

/// Why a request was not done. What a client learns of it is [`status`](Self::status), [`code`](Self::code),
/// [`sentence`](Self::sentence) and the violations; the causes are for the log.
#[derive(Debug, Error)]
#[error("{}", self.sentence())]
pub enum Problem {
    /// Fields are missing or broken.
    Validation(Violations),
    /// Nobody is signed in.
    AuthenticationRequired,
    /// Signing out without a session: the stale cookie is taken away all the same.
    NothingToEnd {
        /// The `Set-Cookie` that does it.
        cleared_cookie: HeaderValue,
    },
    /// No such address, or not its password: nobody is told which.
    InvalidCredentials,
    /// A reset token that is good for nothing, for whatever reason.
    InvalidResetToken,
    /// The same for the other tokens that are mailed.
    InvalidMailedToken,
    /// A verification token that never was.
    InvalidVerificationToken,
    /// A verification token that has run out.
    VerificationTokenExpired,
    /// A verification token that has done its work.
    VerificationTokenAlreadyUsed,
    /// Whoever changes their password does not know the present one.
    WrongCurrentPassword,
    /// What somebody showed to prove again who they are.
    WrongProof,
    /// The second step of a sign-in that does not wait any more: its cookie is taken away.
    ChallengeEnded {
        /// The `Set-Cookie` that does it.
        cleared_cookie: HeaderValue,
    },
    /// At the second step of a sign-in.
    WrongSecondFactor,
    /// Shown by somebody who is signed in.
    WrongCode,
    /// There is a second factor already.
    SecondFactorEnrolled,
    /// There is no second factor to do this with.
    NoSecondFactor,
    /// A tenant asks for the second factor that was to be taken away.
    SecondFactorKept,
    /// No browser of theirs is trusted under this id.
    TrustedDeviceNotFound,
    /// A tenant asks for a second factor, and its deadline has passed.
    SecondFactorRequired,
    /// Somebody of the staff has a second factor, and has not shown it in this session.
    SecondFactorNotShown,
    /// Nobody of the staff does this to themselves.
    ForbiddenOnOneself,
    /// The account belongs to staff of the same or a higher role.
    StaffProtected,
    /// No mail leads into an account that is suspended.
    AccountSuspended,
    /// The address is verified.
    EmailAlreadyVerified,
    /// The account, or a tenant that would go with it, may not be erased.
    OnLegalHold,
    /// There is no legal hold to release it from.
    NotOnLegalHold,
    /// Tenants of whoever is to be erased must be handed on first.
    TenantsNeedOwner(Vec<TenantStake>),
    /// It comes from a page that may not do this.
    OriginNotAllowed,
    /// A form without the token it was given, or with one of another browser or session.
    FormExpired,
    /// A sensitive call on a session whose person has not proved lately who they are.
    ReauthenticationRequired,
    /// There is no such user.
    UserNotFound,
    /// No such tenant, or none of this person's business: one answer for both.
    TenantNotFound,
    /// Somebody who belongs to the tenant asks for what none of their roles grants.
    ForbiddenRole,
    /// The tenant would be without an owner.
    LastOwner,
    /// Whoever wants to be deleted must hand these tenants on first, or say that they may be closed.
    SoleOwner(Vec<TenantStake>),
    /// An invitation whose token leads nowhere, and why.
    DeadInvitation(DeadInvitation),
    /// The tenant has no such invitation.
    InvitationNotFound,
    /// The invitation does not wait for an answer any more.
    InvitationSettled,
    /// Whoever was invited has an account: they sign in to it first.
    SignInRequired,
    /// Somebody else was invited than who is signed in.
    SignedInAsSomeoneElse,
    /// They belong to the tenant already.
    AlreadyMember,
    /// What is to be changed is not what `If-Match` names any more.
    PreconditionFailed,
    /// Only somebody may do this whose address is proved to be theirs.
    EmailNotVerified,
    /// No session of theirs has this id.
    SessionNotFound,
    /// No such picture, or one that nobody shows any more.
    PictureNotFound,
    /// No copy of their data has this id, or it is not to be had.
    ExportNotFound,
    /// The address belongs to an account already.
    EmailTaken,
    /// Nothing is served here.
    NotFound,
    /// Something is served here, by other methods.
    MethodNotAllowed {
        /// Which those are, as `Allow` says them.
        allow: String,
    },
    /// What was sent is no request.
    BadRequest,
    /// The body did not come in time.
    BodyTooSlow,
    /// The body is larger than anything sensible.
    PayloadTooLarge,
    /// The body is not of the type this door takes.
    UnsupportedMediaType,
    /// Something else was sent where a picture belongs.
    UnsupportedPictureType,
    /// The body is packed.
    UnsupportedEncoding,
    /// Too many attempts.
    TooMany(Refusal),
    /// Too many passwords are waiting to be hashed.
    Busy,
    /// Something the service needs does not answer.
    Unavailable {
        /// Why, for the log.
        cause: String,
    },
    /// What should not happen.
    Internal {
        /// Why, for the log.
        cause: String,
    },
}

impl Problem {
    /// Every row: status, code, sentence.
    #[expect(clippy::too_many_lines, reason = "one row for each problem, and nothing else")]
    const fn row(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Validation(_) => (S::BAD_REQUEST, "VALIDATION_ERROR", "Validation failed"),
            Self::BadRequest => (S::BAD_REQUEST, "BAD_REQUEST", "Bad request"),
            Self::InvalidResetToken => (
                S::BAD_REQUEST,
                "INVALID_OR_EXPIRED_TOKEN",
                "Invalid or expired reset token",
            ),
            Self::InvalidMailedToken => (S::BAD_REQUEST, "INVALID_OR_EXPIRED_TOKEN", "Invalid or expired token"),
            Self::InvalidVerificationToken => (S::BAD_REQUEST, "INVALID_TOKEN", "Invalid verification token"),
            Self::VerificationTokenExpired => (S::BAD_REQUEST, "TOKEN_EXPIRED", "Verification token has expired"),
            Self::VerificationTokenAlreadyUsed => (
                S::BAD_REQUEST,
                "TOKEN_ALREADY_USED",
                "Verification token has already been used",
            ),
            Self::AuthenticationRequired | Self::NothingToEnd { .. } => {
                (S::UNAUTHORIZED, "AUTHENTICATION_REQUIRED", "Unauthorized")
            }
            Self::ChallengeEnded { .. } => (
                S::UNAUTHORIZED,
                "CHALLENGE_EXPIRED",
                "Please log in with your password again",
            ),
            Self::WrongSecondFactor => (S::UNAUTHORIZED, "INVALID_SECOND_FACTOR", "Invalid code"),
            Self::WrongCode => (S::FORBIDDEN, "INVALID_SECOND_FACTOR", "Invalid code"),
            Self::SecondFactorEnrolled => (S::CONFLICT, "SECOND_FACTOR_EXISTS", "A second factor is set up already"),
            Self::NoSecondFactor => (S::NOT_FOUND, "SECOND_FACTOR_NOT_FOUND", "Second factor not found"),
            Self::SecondFactorKept => (
                S::CONFLICT,
                "SECOND_FACTOR_KEPT",
                "An organisation you belong to requires a second factor",
            ),
            Self::TrustedDeviceNotFound => (S::NOT_FOUND, "TRUSTED_DEVICE_NOT_FOUND", "Trusted browser not found"),
            Self::SecondFactorRequired => (
                S::FORBIDDEN,
                "SECOND_FACTOR_REQUIRED",
                "Please set up a second factor first",
            ),
            Self::SecondFactorNotShown => (
                S::FORBIDDEN,
                "SECOND_FACTOR_PROOF_REQUIRED",
                "Please confirm with your second factor and try again",
            ),
            Self::ForbiddenOnOneself => (
                S::FORBIDDEN,
                "FORBIDDEN_ON_ONESELF",
                "You cannot do this to your own account",
            ),
            Self::StaffProtected => (
                S::FORBIDDEN,
                "STAFF_PROTECTED",
                "This account belongs to staff of the same or a higher role",
            ),
            Self::AccountSuspended => (S::CONFLICT, "ACCOUNT_SUSPENDED", "The account is suspended"),
            Self::EmailAlreadyVerified => (
                S::CONFLICT,
                "EMAIL_ALREADY_VERIFIED",
                "The email address is verified already",
            ),
            Self::OnLegalHold => (
                S::CONFLICT,
                "ON_LEGAL_HOLD",
                "The account, or a tenant that would go with it, is on legal hold",
            ),
            Self::NotOnLegalHold => (S::CONFLICT, "NOT_ON_LEGAL_HOLD", "The account is not on legal hold"),
            Self::TenantsNeedOwner(_) => (
                S::CONFLICT,
                "TENANTS_NEED_OWNER",
                "Some tenants with other members would be left without an owner",
            ),
            Self::InvalidCredentials => (S::UNAUTHORIZED, "INVALID_CREDENTIALS", "Invalid email or password"),
            Self::WrongCurrentPassword => (
                S::FORBIDDEN,
                "INVALID_CURRENT_PASSWORD",
                "Current password is incorrect",
            ),
            Self::WrongProof => (S::FORBIDDEN, "INVALID_PROOF", "Password or code is incorrect"),
            Self::OriginNotAllowed => (S::FORBIDDEN, "ORIGIN_NOT_ALLOWED", "Origin not allowed"),
            Self::FormExpired => (S::FORBIDDEN, "FORM_EXPIRED", "This form is out of date"),
            Self::ReauthenticationRequired => (
                S::FORBIDDEN,
                "REAUTHENTICATION_REQUIRED",
                "Please confirm who you are and try again",
            ),
            Self::UserNotFound => (S::NOT_FOUND, "USER_NOT_FOUND", "User not found"),
            Self::SessionNotFound => (S::NOT_FOUND, "SESSION_NOT_FOUND", "Session not found"),
            Self::TenantNotFound => (S::NOT_FOUND, "TENANT_NOT_FOUND", "Tenant not found"),
            Self::ForbiddenRole => (S::FORBIDDEN, "FORBIDDEN_ROLE", "Your role does not allow this"),
            Self::LastOwner => (S::CONFLICT, "LAST_OWNER", "A tenant needs an owner"),
            Self::SoleOwner(_) => (S::CONFLICT, "SOLE_OWNER", "Some of your tenants have no other owner"),
            Self::DeadInvitation(dead) => of_dead_invitation(*dead),
            Self::InvitationNotFound => of_dead_invitation(DeadInvitation::Unknown),
            Self::InvitationSettled => (
                S::CONFLICT,
                "INVITATION_SETTLED",
                "The invitation has been answered or taken back",
            ),
            Self::SignInRequired => (
                S::UNAUTHORIZED,
                "SIGN_IN_REQUIRED",
                "Please log in with the invited address first",
            ),
            Self::SignedInAsSomeoneElse => (
                S::CONFLICT,
                "SIGNED_IN_AS_SOMEONE_ELSE",
                "The invitation is for another address than yours",
            ),
            Self::AlreadyMember => (
                S::CONFLICT,
                "ALREADY_A_MEMBER",
                "This address belongs to a member of the tenant already",
            ),
            Self::PreconditionFailed => (
                S::PRECONDITION_FAILED,
                "PRECONDITION_FAILED",
                "It has been changed meanwhile; read it again",
            ),
            Self::EmailNotVerified => (
                S::FORBIDDEN,
                "EMAIL_NOT_VERIFIED",
                "Please verify your email address first",
            ),
            Self::ExportNotFound => (S::NOT_FOUND, "EXPORT_NOT_FOUND", "Export not found"),
            Self::PictureNotFound => (S::NOT_FOUND, "PICTURE_NOT_FOUND", "Picture not found"),
            Self::NotFound => (S::NOT_FOUND, "NOT_FOUND", "Not found"),
            Self::MethodNotAllowed { .. } => (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "Method not allowed"),
            Self::BodyTooSlow => (S::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "Request body took too long"),
            Self::EmailTaken => (S::CONFLICT, "EMAIL_ALREADY_EXISTS", "Email already exists"),
            Self::PayloadTooLarge => (S::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "Request body is too large"),
            Self::UnsupportedMediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Content-Type must be application/json",
            ),
            Self::UnsupportedPictureType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Content-Type must be image/png, image/jpeg or image/webp",
            ),
            Self::UnsupportedEncoding => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Content-Encoding is not supported",
            ),
            Self::TooMany(_) => (S::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", "Too many requests"),
            Self::Internal { .. } => (S::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "Internal server error"),
            Self::Busy | Self::Unavailable { .. } => {
                (S::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "Service unavailable")
            }
        }
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.row().0
    }

    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.row().1
    }

    /// The sentence for people.
    #[must_use]
    pub const fn sentence(&self) -> &'static str {
        self.row().2
    }

    /// Everything that is wrong with the request's fields, if that is what is wrong.
    #[must_use]
    pub const fn violations(&self) -> Option<&Violations> {
        match self {
            Self::Validation(violations) => Some(violations),
            _ => None,
        }
    }

    /// The tenants that stand in the way, if that is what is wrong.
    #[must_use]
    pub fn tenants(&self) -> Option<&[TenantStake]> {
        match self {
            Self::SoleOwner(stakes) | Self::TenantsNeedOwner(stakes) => Some(stakes),
            _ => None,
        }
    }

    /// Seconds after which the same request may succeed: hashing clears its queue within one, a database comes back in a few.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(refusal) => Some(whole_seconds(refusal.retry_in)),
            Self::Busy => Some(1),
            Self::Unavailable { .. } => Some(2),
            _ => None,
        }
    }

    /// What the log says and the client does not.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Internal { cause } | Self::Unavailable { cause } => Some(cause),
            _ => None,
        }
    }

    /// What a response of somebody else's making means, by its status: actix's own errors, a missing file.
    #[must_use]
    pub fn of_foreign(status: StatusCode, cause: Option<&actix_web::Error>) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed { allow: String::new() },
            StatusCode::REQUEST_TIMEOUT => Self::BodyTooSlow,
            StatusCode::PAYLOAD_TOO_LARGE => Self::PayloadTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            status if status.is_client_error() => Self::BadRequest,
            status => Self::Internal {
                cause: cause.map_or_else(|| status.to_string(), ToString::to_string),
            },
        }
    }
}

/// Why an invitation leads nowhere: codes of one family, for whoever holds a token.
const fn of_dead_invitation(dead: DeadInvitation) -> (StatusCode, &'static str, &'static str) {
    match dead {
        DeadInvitation::Unknown => (StatusCode::NOT_FOUND, "INVITATION_NOT_FOUND", "Invitation not found"),
        DeadInvitation::Superseded => (
            StatusCode::GONE,
            "INVITATION_SUPERSEDED",
            "A newer mail replaces this invitation",
        ),
        DeadInvitation::Expired => (StatusCode::GONE, "INVITATION_EXPIRED", "The invitation has expired"),
        DeadInvitation::Void => (
            StatusCode::GONE,
            "INVITATION_VOID",
            "Whoever invited you may not do so any more",
        ),
        DeadInvitation::Revoked => (StatusCode::GONE, "INVITATION_REVOKED", "The invitation was taken back"),
        DeadInvitation::Accepted => (
            StatusCode::GONE,
            "INVITATION_ACCEPTED",
            "The invitation has been accepted already",
        ),
        DeadInvitation::Declined => (StatusCode::GONE, "INVITATION_DECLINED", "The invitation was declined"),
    }
}

/// Rounded up, so that whoever waits as long as told has waited long enough.
pub(crate) fn whole_seconds(duration: chrono::Duration) -> u32 {
    let seconds = (duration + chrono::Duration::milliseconds(999)).num_seconds();
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

/// The gate writes the answer, because it knows the request id; this is the empty shell until then.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status())
    }
}
