//! `/forgot-password`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Recovery;
use rookery_domain::Caller;
use rookery_door::body::{AddressBody, Form, Shape};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

/// The form.
pub(crate) async fn show(Guest { visitor, .. }: Guest) -> Answer {
    page(&visitor, false, Filled::default())
}

/// Somebody asks for a way back in. The answer is the same whether or not there is such an account.
pub(crate) async fn act(
    visitor: Visitor,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    recovery: Data<dyn Recovery>,
    Posted(form): Posted,
) -> Answer {
    match request(&visitor, &form, &caller, &counter, recovery.as_ref()).await {
        Ok(()) => page(&visitor, true, Filled::default()),
        Err(problem) => page(&visitor, false, Filled::refused(&form, problem)?),
    }
}

async fn request(
    visitor: &Visitor,
    form: &Form,
    caller: &Caller,
    counter: &Counter,
    recovery: &dyn Recovery,
) -> Result<(), Problem> {
    let email = form.parse::<AddressBody>(&Shape::default())?.meant()?;
    deed::ask_for_reset(&visitor.door, counter, recovery, &email, caller).await
}

fn page(visitor: &Visitor, sent: bool, filled: Filled) -> Answer {
    visitor
        .page("forgot-password.html")
        .telling(context! { sent })
        .filled(filled)
        .answer()
}
