//! `rookery user create`

use clap::Args;
use rookery_core::ports::{Account, AccountChange};
use rookery_core::{Administration, RegistrationError, SignUp};
use rookery_domain::{
    Caller, CompanyName, DisplayName, EmailAddress, FamilyName, GivenName, PasswordAttempt, PasswordPolicy, Violations,
};

use crate::command::Failure;
use crate::command::outcome::Told;
use crate::command::typed_password;
use crate::configuration::Configuration;

/// Make an account, as a sign-up would; the password comes from the terminal or standard input
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The address
    email: EmailAddress,
    /// How they want to be addressed
    #[arg(long, value_parser = DisplayName::parse)]
    name: Option<DisplayName>,
    /// First name
    #[arg(long, value_parser = GivenName::parse)]
    given_name: Option<GivenName>,
    /// Last name
    #[arg(long, value_parser = FamilyName::parse)]
    family_name: Option<FamilyName>,
    /// The organisation to make, with this person as its owner
    #[arg(long, value_parser = CompanyName::parse)]
    company: Option<CompanyName>,
    /// Take the address for verified
    #[arg(long)]
    verified: bool,
    /// Read the password from standard input without asking, even from a terminal
    #[arg(long)]
    password_stdin: bool,
}

impl Told for RegistrationError {}

/// An account to make.
pub(super) struct NewAccount {
    sign_up: SignUp,
    verified: bool,
}

impl Create {
    /// Reads and judges the password.
    pub(super) fn prepare(self, configuration: &Configuration) -> Result<NewAccount, Failure> {
        let typed = typed_password::read(!self.password_stdin)?;
        let policy = PasswordPolicy {
            rules: configuration.passwords.rules,
            product: configuration.brand.name.as_str().to_owned(),
        };
        let mut personal = vec![self.email.as_str(), self.email.local_part()];
        personal.extend(self.name.as_ref().map(DisplayName::as_str));
        personal.extend(self.given_name.as_ref().map(GivenName::as_str));
        personal.extend(self.family_name.as_ref().map(FamilyName::as_str));
        let password = PasswordAttempt::parse(&typed)
            .map_err(|fault| vec![fault])
            .and_then(|attempt| policy.judge(&attempt, &personal))
            .map_err(|faults| {
                let mut violations = Violations::none();
                for fault in faults {
                    violations.field("password", fault.to_string());
                }
                Failure::Failed(violations.to_string())
            })?;
        Ok(NewAccount {
            verified: self.verified,
            sign_up: SignUp {
                email: self.email,
                password,
                name: self.name,
                given_name: self.given_name,
                family_name: self.family_name,
                company_name: self.company,
                language: None,
                timezone: None,
                accept_terms: None,
                consents: rookery_core::ConsentChoice::default(),
                caller: Caller::default(),
            },
        })
    }
}

impl NewAccount {
    pub(super) async fn make(self, administration: &dyn Administration) -> Result<Account, Failure> {
        let email = self.sign_up.email.clone();
        administration.create(self.sign_up).await?;
        Ok(if self.verified {
            administration.change(&email, AccountChange::Verify).await?
        } else {
            administration.show(&email).await?
        })
    }
}
