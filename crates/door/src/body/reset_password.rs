//! `POST /api/auth/reset-password`

use rookery_core::ResetPassword;
use rookery_domain::{Caller, PasswordPolicy, SecretString, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;
use super::mailed_proof::mailed_proof;

const TOKEN: Field = Field {
    path: "token",
    missing: "Reset token is required",
    mistyped: "Reset token must be a string",
};
const NEW_PASSWORD: Field = Field {
    path: "newPassword",
    missing: "New password is required",
    mistyped: "New password must be a string",
};

/// Somebody shows a mailed token, or the code beside it, and sets a new password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ResetPassword)]
pub struct ResetPasswordBody {
    /// The token out of the mail; or else address and code.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "rst_Ec3Vq1Zl0n8mXo2u7yTgkP5wJdRbSfHaQxWvBtNzLMY")]
    token: Given<String>,
    /// The address that was mailed, beside the code.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 254)]
    email: Given<String>,
    /// The code out of the mail, in any case, with or without its hyphen.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    code: Given<String>,
    /// The password they choose: 8 to 256 characters of any kind, not a common one.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 8, max_length = 256, example = "battery staple horse correct")]
    new_password: Given<SecretString>,
}

impl ResetPasswordBody {
    /// The reset that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, policy: &PasswordPolicy, caller: Caller) -> Result<ResetPassword, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let proof = mailed_proof(v, &TOKEN, self.token, self.email, self.code);
        let new_password = field::chosen(v, &NEW_PASSWORD, policy, &[], self.new_password);
        match (proof, new_password) {
            (Some(proof), Some(new_password)) => Ok(ResetPassword {
                proof,
                new_password,
                caller,
            }),
            _ => Err(violations),
        }
    }
}
