//! `POST /api/users/me/change-email`

use rookery_core::ChangeEmail;
use rookery_domain::{Caller, SecretString, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;

const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody wants another address.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangeEmail)]
pub struct ChangeEmailBody {
    /// The address they want.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 254, example = "ada@example.org")]
    new_email: Given<String>,
    /// Their password.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 1, max_length = 256, example = "correct horse battery staple")]
    password: Given<SecretString>,
}

impl ChangeEmailBody {
    /// The change that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, caller: Caller) -> Result<ChangeEmail, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let new_email = field::address(v, "newEmail", self.new_email);
        let password = field::attempt(v, &PASSWORD, self.password);
        match (new_email, password) {
            (Some(new_email), Some(password)) => Ok(ChangeEmail {
                new_email,
                password,
                caller,
            }),
            _ => Err(violations),
        }
    }
}
