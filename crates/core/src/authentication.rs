//! Signing in.

mod admission;
mod notice;
mod opening;
mod second_factor;
mod service;

use async_trait::async_trait;
use rookery_domain::{
    AuthMethod, Caller, ChallengeToken, DeviceToken, EmailAddress, PasswordAttempt, SessionToken, Timestamp, UserId,
};
use thiserror::Error;

use crate::passing_on::{may_be_busy, may_be_throttled};
use crate::ports::PortError;
use crate::{FactorProof, Refusal};

pub use service::AuthenticationService;

/// Somebody says who they are.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// The address.
    pub email: EmailAddress,
    /// What they typed.
    pub password: PasswordAttempt,
    /// Whether the session should outlive the browser.
    pub remember_me: bool,
    /// The session this browser holds, which ends with a successful sign-in.
    pub held: Option<SessionToken>,
    /// What this browser shows to say that somebody has signed in with it before.
    pub device: Option<DeviceToken>,
    /// From where.
    pub caller: Caller,
}

/// A session has begun.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// Who is signed in.
    pub user: UserId,
    /// Their address.
    pub email: EmailAddress,
    /// How they want to be addressed.
    pub name: Option<String>,
    /// The secret for the cookie.
    pub token: SessionToken,
    /// When the session ends however busy it is.
    pub expires: Timestamp,
    /// Whether the cookie should outlive the browser.
    pub remembered: bool,
    /// By which this browser is known from now on.
    pub device: DeviceToken,
    /// Whether the account was to be deleted, and is kept because somebody signed in to it.
    pub kept: bool,
}

/// The password was right, and a second factor is asked for. There is no session yet.
#[derive(Clone, Debug)]
pub struct SecondFactorRequired {
    /// The secret for the cookie under which the sign-in waits.
    pub token: ChallengeToken,
    /// Until when.
    pub expires: Timestamp,
    /// What may be shown.
    pub methods: Vec<AuthMethod>,
}

/// How far a right password leads.
#[derive(Clone, Debug)]
pub enum LogInOutcome {
    /// Into a session.
    LoggedIn(LoggedIn),
    /// To the second step.
    SecondFactorRequired(SecondFactorRequired),
}

impl LogInOutcome {
    /// The session, if there is one already.
    #[must_use]
    pub fn logged_in(self) -> Option<LoggedIn> {
        match self {
            Self::LoggedIn(logged_in) => Some(logged_in),
            Self::SecondFactorRequired(_) => None,
        }
    }
}

/// Somebody shows their second factor.
#[derive(Clone, Debug)]
pub struct ProveSecondFactor {
    /// What the first step gave.
    pub challenge: ChallengeToken,
    /// What they show.
    pub proof: FactorProof,
    /// Whether this browser is to sign in without it for [a while](rookery_domain::second_factor::DEVICE_TRUST).
    pub trust_device: bool,
    /// The session this browser holds, which ends with a successful sign-in.
    pub held: Option<SessionToken>,
    /// What this browser shows to say that somebody has signed in with it before.
    pub device: Option<DeviceToken>,
    /// From where.
    pub caller: Caller,
}

/// Why the second step led nowhere.
#[derive(Debug, Error)]
pub enum SecondFactorLogInError {
    /// No sign-in waits under this token, or not any more: it took too long, was wrong too often, or the password, the
    /// factor or the account changed meanwhile. Only the first step leads on.
    #[error("no sign-in waits for a second factor")]
    ChallengeEnded,
    /// The code is another one, or was used before; there are attempts left.
    #[error("the code is incorrect")]
    WrongCode,
    /// Too many wrong codes for this person, on whatever sign-ins.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(SecondFactorLogInError);

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum LogInError {
    /// No such address, another password, a shut account: nobody can tell which.
    #[error("invalid e-mail or password")]
    InvalidCredentials,
    /// Too many attempts, right or wrong, whether or not the address belongs to anybody.
    #[error(transparent)]
    Throttled(#[from] Refusal),
    /// Too many passwords are waiting to be hashed.
    #[error("the password hasher is busy")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

may_be_throttled!(LogInError);
may_be_busy!(LogInError);

/// Signing in with a password.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait Authentication: Send + Sync {
    /// Opens a session for whoever knows the password, or asks for the second factor of those who have one, unless their
    /// browser is trusted to do without. An unknown address costs what a known one costs: the same hash,
    /// the same statements, the same event, the same lock and a mail to nobody.
    ///
    /// Attempts are counted before anything is looked up. One from a device the person has signed in with counts against
    /// that device alone; all others count against their network and against the address, which they can lock for
    /// each other and never for the device.
    ///
    /// # Errors
    /// [`LogInError`]; then there is no session.
    async fn log_in(&self, log_in: LogIn) -> Result<LogInOutcome, LogInError>;

    /// Opens the session for whoever shows the second factor that [`log_in`](Self::log_in) asked for. Attempts are counted
    /// before they are looked at, by sign-in and by person, and the person's count survives new sign-ins.
    ///
    /// # Errors
    /// [`SecondFactorLogInError`]; then there is no session.
    async fn prove_second_factor(&self, proved: ProveSecondFactor) -> Result<LoggedIn, SecondFactorLogInError>;
}
