//! `/verify-email`

use actix_web::web::Data;
use minijinja::context;
use rookery_core::Verification;
use rookery_domain::{Caller, EmailAddress};
use rookery_door::body::{Form, Shape, VerifyEmailBody};
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
    verification: Data<dyn Verification>,
    Posted(form): Posted,
) -> Answer {
    match verify(&visitor, &form, &caller, &counter, verification.as_ref()).await {
        Ok(email) => page(&visitor, Filled::default(), Some(email.as_str())),
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?, None),
    }
}

async fn verify(
    visitor: &Visitor,
    form: &Form,
    caller: &Caller,
    counter: &Counter,
    verification: &dyn Verification,
) -> Result<EmailAddress, Problem> {
    let proof = form.parse::<VerifyEmailBody>(&Shape::default())?.meant()?;
    deed::verify_email(&visitor.door, counter, verification, &proof, caller).await
}

fn page(visitor: &Visitor, filled: Filled, verified: Option<&str>) -> Answer {
    visitor
        .page("verify-email.html")
        .telling(context! { verified })
        .filled(filled)
        .answer()
}
