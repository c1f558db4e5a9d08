//! `POST /api/auth/reauthenticate`

use rookery_core::{Proof, Reauthenticate};
use rookery_domain::{Caller, SecretString, SessionToken, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;

const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody proves again who they are.
#[derive(Deserialize, ToSchema)]
#[schema(as = Reauthenticate)]
pub(crate) struct ReauthenticateBody {
    /// Their password.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 1, max_length = 256, example = "correct horse battery staple")]
    password: Given<SecretString>,
}

impl ReauthenticateBody {
    /// The proof that is meant, or what is wrong with it.
    pub(crate) fn meant(self, held: SessionToken, caller: Caller) -> Result<Reauthenticate, Violations> {
        let mut violations = Violations::none();
        match field::attempt(&mut violations, &PASSWORD, self.password) {
            Some(password) => Ok(Reauthenticate {
                held,
                proof: Proof::Password(password),
                caller,
            }),
            None => Err(violations),
        }
    }
}
