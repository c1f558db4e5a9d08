//! `POST /api/auth/invitations/accept`

use rookery_core::ports::SignedIn;
use rookery_core::{AcceptInvitation, NewcomerDraft};
use rookery_domain::{Caller, DeviceToken, DisplayName, SecretString, SessionToken, Violations};
use serde::Deserialize;
use utoipa::ToSchema;

use super::field::{self, Field};
use super::given::Given;
use super::person;

const TOKEN: Field = Field {
    path: "token",
    missing: "Token is required",
    mistyped: "Token must be a string",
};
const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody accepts an invitation. Who is signed in shows the token alone; who has no account yet says who they are.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AcceptInvitation)]
pub struct AcceptInvitationBody {
    /// The token out of the mail.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "inv_Ec3Vq1Zl0n8mXo2u7yTgkP5wJdRbSfHaQxWvBtNzLMY")]
    token: Given<String>,
    /// The password they choose, for whoever has no account: as at sign-up, and as the tenant asks.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = false, min_length = 8, max_length = 256)]
    password: Given<SecretString>,
    /// How they want to be addressed.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "Grace Hopper")]
    name: Given<String>,
    /// First name or names.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    given_name: Given<String>,
    /// Last name or names.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    family_name: Given<String>,
    /// Language of pages and mails: an ISO 639-1 code.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "en")]
    language: Given<String>,
    /// Zone times are shown in, of the IANA database.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "Europe/London")]
    timezone: Given<String>,
}

impl AcceptInvitationBody {
    /// What is meant, or everything that is wrong with it. Whether a password is needed, and whether it will do, is decided behind
    /// the door, where it is known for whom and for which tenant it is.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(
        self,
        signed_in: Option<SignedIn>,
        held: Option<SessionToken>,
        device: Option<DeviceToken>,
        caller: Caller,
    ) -> Result<AcceptInvitation, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let token = field::required(v, &TOKEN, self.token);
        let password = match self.password {
            Given::Absent => None,
            given => field::attempt(v, &PASSWORD, given),
        };
        let newcomer = NewcomerDraft {
            password,
            name: field::optional(v, "name", "Name must be a string", self.name, DisplayName::parse),
            given_name: person::given_name(v, "givenName", self.given_name),
            family_name: person::family_name(v, "familyName", self.family_name),
            language: person::language(v, self.language),
            timezone: person::timezone(v, self.timezone),
        };
        match token {
            Some(token) if violations.is_empty() => Ok(AcceptInvitation {
                token,
                signed_in,
                newcomer,
                held,
                device,
                caller,
            }),
            _ => Err(violations),
        }
    }
}
