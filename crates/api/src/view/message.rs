//! A plain "done".

use rookery_domain::EmailAddress;
use serde::Serialize;
use utoipa::ToSchema;

/// It was done, and there is nothing more to say.
#[derive(Serialize, ToSchema)]
#[schema(as = Done)]
pub(crate) struct DoneView {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
}

impl Default for DoneView {
    fn default() -> Self {
        Self { success: true }
    }
}

/// It was done.
#[derive(Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct MessageView {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// A sentence for people.
    #[schema(example = "Logged out successfully")]
    message: &'static str,
}

impl MessageView {
    pub(crate) const fn saying(message: &'static str) -> Self {
        Self { success: true, message }
    }
}

/// An address was verified.
#[derive(Serialize, ToSchema)]
#[schema(as = Verified)]
pub(crate) struct VerifiedView<'a> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// A sentence for people.
    #[schema(example = "Email address has been verified successfully.")]
    message: &'static str,
    /// What was verified.
    data: VerifiedAddressView<'a>,
}

/// The address that was verified.
#[derive(Serialize, ToSchema)]
#[schema(as = VerifiedAddress)]
pub(crate) struct VerifiedAddressView<'a> {
    /// The address the token was mailed to.
    #[schema(example = "ada@example.com")]
    email: &'a str,
}

impl<'a> VerifiedView<'a> {
    pub(crate) fn of(email: &'a EmailAddress, message: &'static str) -> Self {
        Self {
            success: true,
            message,
            data: VerifiedAddressView { email: email.as_str() },
        }
    }
}
