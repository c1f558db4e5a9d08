//! The templates, and what they can say.

use std::sync::Arc;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use rookery_words::{Argument, Words};

/// Every template, by its name.
const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/layout.html")),
    ("entry.html", include_str!("../templates/entry.html")),
    ("account.html", include_str!("../templates/account.html")),
    ("foot.html", include_str!("../templates/foot.html")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("problem.html", include_str!("../templates/problem.html")),
    ("login.html", include_str!("../templates/login.html")),
    ("second-factor.html", include_str!("../templates/second-factor.html")),
    ("register.html", include_str!("../templates/register.html")),
    (
        "email-confirmation.html",
        include_str!("../templates/email-confirmation.html"),
    ),
    ("verify-email.html", include_str!("../templates/verify-email.html")),
    ("confirm-email.html", include_str!("../templates/confirm-email.html")),
    (
        "forgot-password.html",
        include_str!("../templates/forgot-password.html"),
    ),
    ("reset-password.html", include_str!("../templates/reset-password.html")),
    ("unlock.html", include_str!("../templates/unlock.html")),
    ("undo.html", include_str!("../templates/undo.html")),
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
