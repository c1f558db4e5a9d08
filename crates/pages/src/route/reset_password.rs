//! `/reset-password`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Recovery;
use rookery_domain::Caller;
use rookery_door::body::{Form, ResetPasswordBody, Shape};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

/// The form, which holds the token of the link. Opening the page uses nothing up.
pub(crate) async fn show(Guest { visitor, .. }: Guest) -> Answer {
    page(&visitor, Filled::with(&[("token", visitor.asked("token"))]))
}

/// Somebody shows the token and chooses a password.
pub(crate) async fn act(
    visitor: Visitor,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    recovery: Data<dyn Recovery>,
    Posted(form): Posted,
) -> Answer {
    match reset(&visitor, &form, caller, &counter, recovery.as_ref()).await {
        Ok(()) => Ok(visitor.go_and_say("/login", Note::PasswordReset)),
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?),
    }
}

async fn reset(
    visitor: &Visitor,
    form: &Form,
    caller: Caller,
    counter: &Counter,
    recovery: &dyn Recovery,
) -> Result<(), Problem> {
    let reset = form
        .parse::<ResetPasswordBody>(&Shape::default())?
        .meant(&visitor.door.password_policy, caller)?;
    deed::reset_password(&visitor.door, counter, recovery, reset).await
}

fn page(visitor: &Visitor, filled: Filled) -> Answer {
    let facts = context! {
        min_length => visitor.door.password_policy.rules.min_chars,
        is_void => filled.problem().is_some_and(|problem| matches!(problem, Problem::InvalidResetToken)),
    };
    visitor
        .page("reset-password.html")
        .telling(facts)
        .filled(filled)
        .answer()
}
