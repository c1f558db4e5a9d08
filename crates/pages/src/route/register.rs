//! `/register`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Registration;
use rookery_domain::{Caller, ConsentSubject, Violations};
use rookery_door::body::{Form, Shape, SignUpBody};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use super::consents::{asked_for, unread};
use super::email_confirmation::sent_to;
use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

const SHAPE: Shape<'static> = Shape {
    switches: &["consents.marketing"],
    optional: &["name", "companyName", "language", "timezone"],
};

/// The form; whoever is signed in already has an account.
pub(crate) async fn show(Guest { visitor, signed_in }: Guest) -> Answer {
    if signed_in.is_some() {
        return Ok(visitor.go_on_or_home(visitor.asked("redirect")));
    }
    page(&visitor, Filled::default())
}

/// Somebody wants an account.
pub(crate) async fn act(
    visitor: Visitor,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    registration: Data<dyn Registration>,
    Posted(form): Posted,
) -> Answer {
    match sign_up(&visitor, &form, caller, &counter, registration.as_ref()).await {
        Ok(()) => Ok(sent_to(&visitor, form.text("email"))),
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?.blaming("email")),
    }
}

async fn sign_up(
    visitor: &Visitor,
    form: &Form,
    caller: Caller,
    counter: &Counter,
    registration: &dyn Registration,
) -> Result<(), Problem> {
    let sign_up = form
        .parse::<SignUpBody>(&SHAPE)?
        .meant(&visitor.door.password_policy, &visitor.door.documents, caller)
        .map_err(|violations| for_people(&violations))?;
    deed::sign_up(&visitor.door, counter, registration, sign_up).await?;
    Ok(())
}

/// What is said of a document that was not accepted names its version, for programs. People have it before their eyes.
fn for_people(violations: &Violations) -> Problem {
    let mut said = Violations::none();
    for violation in violations.iter() {
        let Some(path) = violation.path else {
            return violations.clone().into();
        };
        let words = match path.strip_prefix("consents.").and_then(document) {
            Some(document) => unread(document),
            None => violation.message.as_str(),
        };
        said.field(path, words);
    }
    said.into()
}

fn document(word: &str) -> Option<ConsentSubject> {
    let mut documents = ConsentSubject::DOCUMENTS.into_iter();
    documents.find(|document| document.as_str() == word)
}

fn page(visitor: &Visitor, filled: Filled) -> Answer {
    let facts = context! {
        min_length => visitor.door.password_policy.rules.min_chars,
        documents => asked_for(&visitor.door.documents, &ConsentSubject::DOCUMENTS),
    };
    visitor.page("register.html").telling(facts).filled(filled).answer()
}
