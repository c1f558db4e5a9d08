//! The account a sign-up or sign-in is about.

use rookery_core::{LoggedIn, Registered};
use rookery_domain::UserId;
use serde::Serialize;
use utoipa::ToSchema;

/// An account was made, or a session begun.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountView<'a> {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
    /// The person.
    user: PersonView<'a>,
    /// `true` when the account was to be deleted and is kept because of this sign-in; left out otherwise.
    #[serde(rename = "accountKept", skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false, example = true)]
    account_kept: bool,
}

/// A person, in short.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonView<'a> {
    /// The person's id, a UUIDv7.
    #[schema(value_type = String, format = "uuid", example = "0199d2f0-7c00-7000-8000-000000000001")]
    id: UserId,
    /// The address mail goes to.
    #[schema(example = "ada@example.com")]
    email: &'a str,
    /// How the person wants to be addressed.
    #[schema(example = "Ada Lovelace", required = true)]
    name: Option<&'a str>,
}

impl<'a> From<&'a Registered> for AccountView<'a> {
    fn from(registered: &'a Registered) -> Self {
        Self {
            success: true,
            user: PersonView {
                id: registered.user,
                email: registered.email.as_str(),
                name: registered.name.as_deref(),
            },
            account_kept: false,
        }
    }
}

impl<'a> From<&'a LoggedIn> for AccountView<'a> {
    fn from(logged_in: &'a LoggedIn) -> Self {
        Self {
            success: true,
            account_kept: logged_in.kept,
            user: logged_in.into(),
        }
    }
}

impl<'a> From<&'a LoggedIn> for PersonView<'a> {
    fn from(logged_in: &'a LoggedIn) -> Self {
        Self {
            id: logged_in.user,
            email: logged_in.email.as_str(),
            name: logged_in.name.as_deref(),
        }
    }
}
