//! `POST /api/auth/signup`

use rookery_core::SignUp;
use rookery_domain::name::InvalidName;
use rookery_domain::{
    Caller, CompanyName, DisplayName, Documents, EmailAddress, FamilyName, GivenName, PasswordPolicy, SecretString,
    Violations,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::consents::ConsentsBody;
use super::field::{self, Field};
use super::given::Given;
use super::person;

const PASSWORD: Field = Field {
    path: "password",
    missing: "Password is required",
    mistyped: "Password must be a string",
};

/// Somebody wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignUp)]
pub struct SignUpBody {
    /// Their address.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 254, example = "ada@example.com")]
    email: Given<String>,
    /// The password they choose: 8 to 256 characters of any kind, not a common one, not their own address or name.
    #[serde(default)]
    #[schema(value_type = String, format = Password, required = true, min_length = 8, max_length = 256, example = "correct horse battery staple")]
    password: Given<SecretString>,
    /// How they want to be addressed.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "Ada Lovelace")]
    name: Given<String>,
    /// First name or names.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "Ada")]
    given_name: Given<String>,
    /// Last name or names.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "Lovelace")]
    family_name: Given<String>,
    /// The organisation to make a tenant for, with the person as its owner.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "Analytical Engines")]
    company_name: Given<String>,
    /// Language of pages and mails: an ISO 639-1 code.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "en")]
    language: Given<String>,
    /// Zone times are shown in, of the IANA database.
    #[serde(default)]
    #[schema(value_type = String, required = false, example = "Europe/London")]
    timezone: Given<String>,
    /// Whether they accept the terms; recorded.
    #[serde(default)]
    #[schema(value_type = bool, required = false, example = true)]
    accept_terms: Given<bool>,
    /// What they agree to. Where the installation's documents have versions (`ROOKERY_TERMS_VERSION`,
    /// `ROOKERY_PRIVACY_VERSION`) these must be named here, and the current ones; otherwise it may be left out.
    #[serde(default)]
    #[schema(value_type = ConsentsBody, required = false)]
    consents: Given<ConsentsBody>,
}

impl SignUpBody {
    /// The sign-up that is meant, or everything that is wrong with it.
    ///
    /// # Errors
    /// The broken rules, all of them.
    pub fn meant(self, policy: &PasswordPolicy, documents: &Documents, caller: Caller) -> Result<SignUp, Violations> {
        let mut violations = Violations::none();
        let v = &mut violations;
        let email = field::email(v, self.email);
        let name = field::optional(v, "name", "Name must be a string", self.name, display_name);
        let given_name = person::given_name(v, "givenName", self.given_name);
        let family_name = person::family_name(v, "familyName", self.family_name);
        let personal: Vec<&str> = [
            email.as_ref().map(EmailAddress::as_str),
            email.as_ref().map(EmailAddress::local_part),
            name.as_ref().map(DisplayName::as_str),
            given_name.as_ref().map(GivenName::as_str),
            family_name.as_ref().map(FamilyName::as_str),
        ]
        .into_iter()
        .flatten()
        .collect();
        let password = field::chosen(v, &PASSWORD, policy, &personal, self.password);
        let company_name = field::optional(
            v,
            "companyName",
            "Company name must be a string",
            self.company_name,
            CompanyName::parse,
        );
        let language = person::language(v, self.language);
        let timezone = person::timezone(v, self.timezone);
        let accept_terms = field::switch(v, "acceptTerms", "Accept terms must be a boolean", self.accept_terms);
        let consents = ConsentsBody::at_sign_up(v, self.consents, documents);
        match (email, password) {
            (Some(email), Some(password)) if violations.is_empty() => Ok(SignUp {
                email,
                password,
                name,
                given_name,
                family_name,
                company_name,
                language,
                timezone,
                accept_terms,
                consents,
                caller,
            }),
            _ => Err(violations),
        }
    }
}

/// At sign-up an empty name is a missing one.
fn display_name(text: &str) -> Result<DisplayName, String> {
    DisplayName::parse(text).map_err(|error| match error {
        InvalidName::Empty(_) => "Name is required".to_owned(),
        other => other.to_string(),
    })
}
