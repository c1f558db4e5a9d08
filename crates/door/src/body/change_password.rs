//! `POST /api/users/me/change-password`

use rookery_core::ChangePassword;
use rookery_domain::{Caller, DeviceToken, PasswordPolicy, SecretString, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;

const CURRENT_PASSWORD: Field = Field {
    path: "currentPassword",
    missing: "Current password is required",
    mistyped: "Current password must be a string",
};
const NEW_PASSWORD: Field = Field {
    path: "newPassword",
    missing: "New password is required",
    mistyped: "New password must be a string",
};

/// Somebody changes their password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangePassword)]
pub struct ChangePasswordBody {
    /// The password as it is now.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 1, max_length = 256, example = "correct horse battery staple")]
    current_password: Given<SecretString>,
    /// The password they choose: 8 to 256 characters of any kind, not a common one, not the current one.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 8, max_length = 256, example = "battery staple horse correct")]
    new_password: Given<SecretString>,
}

impl ChangePasswordBody {
    /// The change that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(
        self,
        policy: &PasswordPolicy,
        device: Option<DeviceToken>,
        caller: Caller,
    ) -> Result<ChangePassword, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let current_password = field::attempt(v, &CURRENT_PASSWORD, self.current_password);
        let new_password = field::chosen(v, &NEW_PASSWORD, policy, &[], self.new_password);
        match (current_password, new_password) {
            (Some(current_password), Some(new_password)) => Ok(ChangePassword {
                current_password,
                new_password,
                device,
                caller,
            }),
            _ => Err(violations),
        }
    }
}
