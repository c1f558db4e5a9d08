//! `POST /api/auth/login`

use rookery_core::LogIn;
use rookery_domain::{Caller, DeviceToken, SecretString, SessionToken, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;

const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody says who they are.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogIn)]
pub struct LogInBody {
    /// Their address.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 254, example = "ada@example.com")]
    email: Given<String>,
    /// Their password.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 1, max_length = 256, example = "correct horse battery staple")]
    password: Given<SecretString>,
    /// Whether the session should outlive the browser; `false` when left out.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = false)]
    remember_me: Given<bool>,
}

impl LogInBody {
    /// The sign-in that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(
        self,
        held: Option<SessionToken>,
        device: Option<DeviceToken>,
        caller: Caller,
    ) -> Result<LogIn, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let email = field::email(v, self.email);
        let password = field::attempt(v, &PASSWORD, self.password);
        let remember_me = field::switch(v, "rememberMe", "Remember me must be a boolean", self.remember_me);
        match (email, password) {
            (Some(email), Some(password)) if violations.is_empty() => Ok(LogIn {
                email,
                password,
                remember_me: remember_me.unwrap_or(false),
                held,
                device,
                caller,
            }),
            _ => Err(violations),
        }
    }
}
