//! `/keep-account`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Deletion;
use rookery_domain::Caller;
use rookery_door::body::{Form, MailedTokenBody, Shape};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

/// The button, and in its form the token of the link. Opening the page uses nothing up.
pub(crate) async fn show(Guest { visitor, .. }: Guest) -> Answer {
    page(&visitor, Filled::with(&[("token", visitor.asked("token"))]), None)
}

/// Somebody shows the token.
pub(crate) async fn act(
    visitor: Visitor,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    deletion: Data<dyn Deletion>,
    Posted(form): Posted,
) -> Answer {
    match keep(&form, &caller, &counter, deletion.as_ref()).await {
        Ok(()) => page(&visitor, Filled::default(), Some(true)),
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?, None),
    }
}

async fn keep(form: &Form, caller: &Caller, counter: &Counter, deletion: &dyn Deletion) -> Result<(), Problem> {
    let token = form.parse::<MailedTokenBody>(&Shape::default())?.meant()?;
    deed::keep_account(counter, deletion, &token, caller).await
}

fn page(visitor: &Visitor, filled: Filled, kept: Option<bool>) -> Answer {
    visitor
        .page("keep-account.html")
        .telling(context! { kept })
        .filled(filled)
        .answer()
}
