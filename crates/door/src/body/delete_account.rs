//! `DELETE /api/users/me`

use rookery_core::{FactorProof, RequestDeletion};
use rookery_domain::{Caller, PasswordAttempt, Reason, SecretString, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;
use super::second_factor::shown;

/// What is typed so that nobody deletes their account by a slip.
const WORD: &str = "DELETE";

const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody wants their account deleted.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeleteAccount)]
pub struct DeleteAccountBody {
    /// The word `DELETE`.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = "^DELETE$", example = "DELETE")]
    confirmation: Given<String>,
    /// The password. Whoever has none proves who they are with `POST /api/auth/reauthenticate` before.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = false, min_length = 1, max_length = 256, example = "correct horse battery staple")]
    password: Given<SecretString>,
    /// What the app shows, for whoever has a second factor; blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[0-9]{6}$", example = "287082")]
    code: Given<String>,
    /// A recovery code, instead; case, hyphens and blanks do not count.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "ABCD-EFGH-IJKL-MNOP")]
    recovery_code: Given<String>,
    /// The word `delete`, if tenants that nobody else belongs to may be closed now, and deleted with the account.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^delete$", example = "delete")]
    tenants: Given<String>,
    /// Why, in a sentence. It is deleted with the account.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 500)]
    reason: Given<String>,
}

impl DeleteAccountBody {
    /// The wish that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, caller: Caller) -> Result<RequestDeletion, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        match &self.confirmation {
            Given::Value(word) if word.trim() == WORD => {}
            Given::Mistyped => v.field("confirmation", "Confirmation must be a string"),
            Given::Absent | Given::Null | Given::Value(_) => v.field("confirmation", "Type DELETE to confirm"),
        }
        let password: Option<PasswordAttempt> = match self.password {
            Given::Absent => None,
            given => field::attempt(v, &PASSWORD, given),
        };
        let factor: Option<FactorProof> = if let (Given::Absent, Given::Absent) = (&self.code, &self.recovery_code) {
            None
        } else {
            let mut of_the_factor = Violations::none();
            let factor = shown(&mut of_the_factor, self.code, self.recovery_code);
            for violation in of_the_factor.iter() {
                match violation.path {
                    Some(path) => v.field(path, violation.message.clone()),
                    None => v.field("code", violation.message.clone()),
                }
            }
            factor
        };
        let close_tenants = field::optional(
            v,
            "tenants",
            "Tenants must be a string",
            self.tenants,
            |word| match word {
                "delete" => Ok(()),
                _ => Err("Tenants must be delete, or left out"),
            },
        );
        let reason = match self.reason {
            // Nothing written is nothing said.
            Given::Value(text) if text.trim().is_empty() => None,
            given => field::optional(v, "reason", "Reason must be a string", given, |text| {
                // Whoever writes lines means one text.
                Reason::parse(&text.split_whitespace().collect::<Vec<_>>().join(" "))
            }),
        };
        violations.into_result().map(|()| RequestDeletion {
            password,
            factor,
            close_tenants: close_tenants.is_some(),
            reason,
            caller,
        })
    }
}
