//! `/register`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Registration;
use rookery_domain::Caller;
use rookery_door::body::{Form, Shape, SignUpBody};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use super::email_confirmation::sent_to;
use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

const SHAPE: Shape<'static> = Shape {
    switches: &[],
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
        .meant(&visitor.door.password_policy, caller)?;
    deed::sign_up(&visitor.door, counter, registration, sign_up).await?;
    Ok(())
}

fn page(visitor: &Visitor, filled: Filled) -> Answer {
    let facts = context! { min_length => visitor.door.password_policy.rules.min_chars };
    visitor.page("register.html").telling(facts).filled(filled).answer()
}
