//! What an authenticator app shows.

use rookery_domain::{EmailAddress, Timestamp, TotpCode, TotpSecret, TotpStep};

use super::PortError;

/// How a secret gets into an app.
#[derive(Clone, PartialEq, Eq)]
pub struct AppInvitation {
    /// `otpauth://totp/…`, which an app on the same device opens. Holds the secret.
    pub uri: String,
    /// The same as a QR code for the app's camera: an `<svg>` element. Holds the secret.
    pub qr: String,
}

impl std::fmt::Debug for AppInvitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppInvitation(***)")
    }
}

/// Time-based one-time passwords (RFC 6238).
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait OneTimePasswords: Send + Sync {
    /// The step whose code this is, among those [accepted](TotpStep::accepted) at the given moment. Whether that step was
    /// used before is the caller's question. Compares in constant time.
    fn step_of(&self, code: &TotpCode, secret: &TotpSecret, at: &Timestamp) -> Option<TotpStep>;

    /// What a person scans or opens to put the secret into their app, under this account's name.
    ///
    /// # Errors
    /// [`PortError`] when the address is too long for a QR code, which none is that this service takes.
    fn invitation(&self, secret: &TotpSecret, account: &EmailAddress) -> Result<AppInvitation, PortError>;
}
