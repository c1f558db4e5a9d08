//! `POST /api/auth/reauthenticate`

use rookery_core::{Proof, Reauthenticate};
use rookery_domain::{Caller, SecretString, SessionToken, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;
use super::second_factor::shown;

const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody proves again who they are.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reauthenticate)]
pub struct ReauthenticateBody {
    /// Their password.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = false, min_length = 1, max_length = 256, example = "correct horse battery staple")]
    password: Given<SecretString>,
    /// What their app shows, instead; blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[0-9]{6}$", example = "287082")]
    code: Given<String>,
    /// A recovery code, instead; case, hyphens and blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "ABCD-EFGH-IJKL-MNOP")]
    recovery_code: Given<String>,
}

impl ReauthenticateBody {
    /// The proof that is meant, or what is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, held: SessionToken, caller: Caller) -> Result<Reauthenticate, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let proof = match (&self.password, &self.code, &self.recovery_code) {
            (_, Given::Absent, Given::Absent) => field::attempt(v, &PASSWORD, self.password).map(Proof::Password),
            (Given::Absent, ..) => shown(v, self.code, self.recovery_code).map(Proof::SecondFactor),
            _ => {
                *v = Violations::of_whole("Give either a password, a code or a recovery code");
                None
            }
        };
        match proof {
            Some(proof) if violations.is_empty() => Ok(Reauthenticate { held, proof, caller }),
            _ => Err(violations),
        }
    }
}
