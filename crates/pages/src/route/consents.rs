//! `/consents`: what somebody is asked to agree to before they go on.

use actix_web::HttpResponse;
use actix_web::web::Data;
use minijinja::{Value, context};
use rookery_core::Consents;
use rookery_domain::{ConsentSubject, Documents, Violations};
use rookery_door::body::{ConsentsBody, Form, Shape};
use rookery_door::{Answer, CallerInfo, Problem};

use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Person, Visitor};

/// The page.
pub(crate) const PAGE: &str = "/consents";
const SHAPE: Shape<'static> = Shape {
    switches: &[],
    optional: &[],
};

/// On to where somebody with a new session wants to go. Whoever has to agree to something first is asked on the way, and whoever has
/// not goes on from there.
pub(super) fn go_by(visitor: &Visitor, redirect: &str) -> HttpResponse {
    if visitor.door.documents.is_empty() {
        visitor.go_on_or_home(redirect)
    } else {
        visitor.go_with(PAGE, &[("then", "on"), ("redirect", redirect)])
    }
}

/// What there is to agree to. Whoever comes here on the way elsewhere and owes nothing goes on.
pub(crate) async fn show(Person { visitor, signed_in }: Person, consents: Data<dyn Consents>) -> Answer {
    let due = consents.due(&signed_in).await?;
    if due.is_empty() && visitor.asked("then") == "on" {
        return Ok(visitor.go_on_or_home(visitor.asked("redirect")));
    }
    page(&visitor, &due, Filled::with(&[("redirect", visitor.asked("redirect"))]))
}

/// Somebody agrees.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    consents: Data<dyn Consents>,
    Posted(form): Posted,
) -> Answer {
    let due = consents.due(&signed_in).await?;
    let missing = due.iter().find(|subject| !form.has(subject.as_str()));
    let choice = match missing {
        Some(_) => Err(please_agree(&due, &form)),
        None if due.is_empty() => return Ok(visitor.go_on_or_home(form.text("redirect"))),
        None => form
            .parse::<ConsentsBody>(&SHAPE)?
            .meant(&visitor.door.documents)
            // Whoever looked at the page when the version changed looks again.
            .map_err(|_| please_agree(&due, &Form::default())),
    };
    match choice {
        Ok(choice) => {
            consents.decide(&signed_in, choice, &caller).await?;
            Ok(visitor.go_on_or_home(form.text("redirect")))
        }
        Err(problem) => page(&visitor, &due, Filled::refused(&form, problem)?),
    }
}

/// That the documents which were not accepted must be, in words for people.
fn please_agree(due: &[ConsentSubject], form: &Form) -> Problem {
    let mut violations = Violations::none();
    for subject in due.iter().filter(|subject| !form.has(subject.as_str())) {
        violations.field(subject.as_str(), unread(*subject));
    }
    violations.into()
}

/// What is said of a document whose box is not ticked.
pub(super) fn unread(subject: ConsentSubject) -> &'static str {
    match subject {
        ConsentSubject::Privacy => "Please read the privacy policy and tick this",
        ConsentSubject::Terms | ConsentSubject::Marketing => "Please read the terms of service and agree to them",
    }
}

/// The documents that are to be agreed to, each with its version and where it can be read.
pub(super) fn asked_for(documents: &Documents, due: &[ConsentSubject]) -> Vec<Value> {
    let of = |subject: &ConsentSubject| {
        let version = documents.current(*subject)?;
        Some(context! { subject => subject.as_str(), version => version.as_str() })
    };
    due.iter().filter_map(of).collect()
}

fn page(visitor: &Visitor, due: &[ConsentSubject], filled: Filled) -> Answer {
    let facts = context! { documents => asked_for(&visitor.door.documents, due) };
    visitor.page("consents.html").telling(facts).filled(filled).answer()
}
