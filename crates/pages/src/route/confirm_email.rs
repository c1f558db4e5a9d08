//! `/confirm-email`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Addresses;
use rookery_domain::{Caller, EmailAddress};
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
    addresses: Data<dyn Addresses>,
    Posted(form): Posted,
) -> Answer {
    match confirm(&form, &caller, &counter, addresses.as_ref()).await {
        Ok(email) => page(&visitor, Filled::default(), Some(email.as_str())),
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?, None),
    }
}

async fn confirm(
    form: &Form,
    caller: &Caller,
    counter: &Counter,
    addresses: &dyn Addresses,
) -> Result<EmailAddress, Problem> {
    let token = form.parse::<MailedTokenBody>(&Shape::default())?.meant()?;
    deed::confirm_email(counter, addresses, &token, caller).await
}

fn page(visitor: &Visitor, filled: Filled, confirmed: Option<&str>) -> Answer {
    visitor
        .page("confirm-email.html")
        .telling(context! { confirmed })
        .filled(filled)
        .answer()
}
