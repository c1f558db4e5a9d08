//! Bodies of a single field: an address to mail something to, a token to verify one with.

use rookery_core::MailedProof;
use rookery_domain::{EmailAddress, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;
use super::mailed_proof::mailed_proof;

/// `POST /api/auth/forgot-password` and `POST /api/auth/resend-verification`: where to mail a link.
#[derive(Deserialize, ToSchema)]
#[schema(as = Address)]
pub struct AddressBody {
    /// The address.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 254, example = "ada@example.com")]
    email: Given<String>,
}

impl AddressBody {
    /// The address that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<EmailAddress, Violations> {
        let mut violations = Violations::none();
        field::email(&mut violations, self.email).ok_or(violations)
    }
}

const TOKEN: Field = Field {
    path: "token",
    missing: "Verification token is required",
    mistyped: "Verification token must be a string",
};

/// `POST /api/auth/verify-email`: the token out of the mail, or the code beside it.
#[derive(Deserialize, ToSchema)]
#[schema(as = VerifyEmail)]
pub struct VerifyEmailBody {
    /// The token; or else address and code.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "vfy_Ec3Vq1Zl0n8mXo2u7yTgkP5wJdRbSfHaQxWvBtNzLMY")]
    token: Given<String>,
    /// The address that was mailed, beside the code.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 254)]
    email: Given<String>,
    /// The code out of the mail, in any case, with or without its hyphen.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    code: Given<String>,
}

impl VerifyEmailBody {
    /// The proof that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<MailedProof, Violations> {
        let mut violations = Violations::none();
        mailed_proof(&mut violations, &TOKEN, self.token, self.email, self.code).ok_or(violations)
    }
}

const MAILED_TOKEN: Field = Field {
    path: "token",
    missing: "Token is required",
    mistyped: "Token must be a string",
};

/// `POST /api/auth/confirm-email`, `POST /api/auth/undo`, `POST /api/auth/cancel-deletion`, and looking at an invitation or
/// declining it: the token out of the mail.
#[derive(Deserialize, ToSchema)]
#[schema(as = MailedToken)]
pub struct MailedTokenBody {
    /// The token.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "und_Ec3Vq1Zl0n8mXo2u7yTgkP5wJdRbSfHaQxWvBtNzLMY")]
    token: Given<String>,
}

impl MailedTokenBody {
    /// The token that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<String, Violations> {
        let mut violations = Violations::none();
        field::required(&mut violations, &MAILED_TOKEN, self.token).ok_or(violations)
    }
}
