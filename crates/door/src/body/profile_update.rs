//! `PATCH /api/users/me`

use rookery_domain::{DisplayName, ProfileUpdate, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{optional, switch};
use super::given::Given;
use super::person;

/// What a person changes of their profile: at least one of these, each to be left out as well.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProfileUpdate)]
pub struct ProfileUpdateBody {
    /// How they want to be addressed.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "Ada Lovelace")]
    name: Given<String>,
    /// First name or names.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "Ada")]
    given_name: Given<String>,
    /// The same in another spelling, for clients that use it; `givenName` counts when both are there.
    #[serde(default, rename = "given_name")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    given_name_in_snake_case: Given<String>,
    /// Last name or names.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "Lovelace")]
    family_name: Given<String>,
    /// The same in another spelling, for clients that use it; `familyName` counts when both are there.
    #[serde(default, rename = "family_name")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    family_name_in_snake_case: Given<String>,
    /// `light`, `dark` or `system`.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "dark", pattern = "^(light|dark|system)$")]
    theme: Given<String>,
    /// An ISO 639-1 code.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "en")]
    language: Given<String>,
    /// A zone of the IANA database.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "Europe/London")]
    timezone: Given<String>,
    /// Mails about activity.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = true)]
    email_notifications: Given<bool>,
    /// Push notifications.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = true)]
    push_notifications: Given<bool>,
    /// A weekly summary by mail.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = true)]
    weekly_reports: Given<bool>,
    /// Marketing by mail.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = true)]
    marketing_emails: Given<bool>,
}

impl ProfileUpdateBody {
    /// The update that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self) -> Result<ProfileUpdate, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let (given_path, given_name) = spelling(
            ("givenName", self.given_name),
            ("given_name", self.given_name_in_snake_case),
        );
        let (family_path, family_name) = spelling(
            ("familyName", self.family_name),
            ("family_name", self.family_name_in_snake_case),
        );
        let update = ProfileUpdate {
            name: optional(v, "name", "Name must be a string", self.name, DisplayName::parse),
            given_name: person::given_name(v, given_path, given_name),
            family_name: person::family_name(v, family_path, family_name),
            theme: optional(
                v,
                "theme",
                "Theme must be light, dark, or system",
                self.theme,
                str::parse,
            ),
            language: person::language(v, self.language),
            timezone: person::timezone(v, self.timezone),
            email_notifications: switch(
                v,
                "emailNotifications",
                "Email notifications must be a boolean",
                self.email_notifications,
            ),
            push_notifications: switch(
                v,
                "pushNotifications",
                "Push notifications must be a boolean",
                self.push_notifications,
            ),
            weekly_reports: switch(
                v,
                "weeklyReports",
                "Weekly reports must be a boolean",
                self.weekly_reports,
            ),
            marketing_emails: switch(
                v,
                "marketingEmails",
                "Marketing emails must be a boolean",
                self.marketing_emails,
            ),
        };
        violations.into_result()?;
        if update.is_empty() {
            return Err(Violations::of_whole("At least one field must be provided for update"));
        }
        Ok(update)
    }
}

/// Of two spellings of a field the camel-case one, if it was given.
fn spelling(
    camel: (&'static str, Given<String>),
    snake: (&'static str, Given<String>),
) -> (&'static str, Given<String>) {
    if matches!(camel.1, Given::Absent) { snake } else { camel }
}
