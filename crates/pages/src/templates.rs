//! The templates, and what they can say.

use std::sync::Arc;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use rookery_words::{Argument, Words};

macro_rules! templates {
    ($($name:literal)+) => {
        [$(($name, include_str!(concat!("../templates/", $name)))),+]
    };
}

/// Every template, by its name.
const TEMPLATES: &[(&str, &str)] = &templates![
    "layout.html"
    "entry.html"
    "account.html"
    "foot.html"
    "parts.html"
    "problem.html"
    "login.html"
    "second-factor.html"
    "register.html"
    "email-confirmation.html"
    "verify-email.html"
    "confirm-email.html"
    "forgot-password.html"
    "reset-password.html"
    "unlock.html"
    "undo.html"
    "keep-account.html"
    "deletion-scheduled.html"
    "invitation.html"
    "reauthenticate.html"
    "consents.html"
    "status.html"
    "settings/profile.html"
    "settings/security.html"
    "settings/second-factor.html"
    "settings/recovery-codes.html"
    "settings/tenants.html"
    "settings/tenants/frame.html"
    "settings/tenants/name.html"
    "settings/tenants/members.html"
    "settings/tenants/member.html"
    "settings/tenants/invitations.html"
    "settings/tenants/policy.html"
    "settings/tenants/confirmation.html"
    "settings/activity.html"
    "settings/privacy.html"
    "settings/delete-account.html"
];

/// The templates, compiled. What is written into a page is escaped, whoever wrote it; a name that nothing has is an error, so
/// that a test meets it before a person does.
pub(crate) fn templates(words: Arc<Words>) -> Result<Environment<'static>, Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    for (name, source) in TEMPLATES {
        templates.add_template(name, source)?;
    }
    templates.add_function("t", move |state: &State<'_, '_>, key: &str, arguments: Kwargs| {
        said(&words, state, key, &arguments)
    });
    Ok(templates)
}

/// A text in the language of the page.
fn said(words: &Words, state: &State<'_, '_>, key: &str, arguments: &Kwargs) -> Result<String, Error> {
    let language = state.lookup("language").unwrap_or_default();
    let language = language.as_str().and_then(|tag| tag.parse().ok()).unwrap_or_default();
    let names: Vec<&str> = arguments.args().collect();
    let arguments = names
        .into_iter()
        .map(|name| Ok((name, argument(&arguments.get::<Value>(name)?))))
        .collect::<Result<Vec<_>, Error>>()?;
    words
        .try_say(language, key, &arguments)
        .map_err(|unsaid| Error::new(ErrorKind::InvalidOperation, unsaid.to_string()))
}

fn argument(value: &Value) -> Argument<'static> {
    match value.kind() {
        ValueKind::Number => u64::try_from(value.clone()).map_or_else(|_| value.to_string().into(), Argument::from),
        _ => value.to_string().into(),
    }
}
