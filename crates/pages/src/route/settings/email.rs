//! `/settings/security/email` and `/settings/security/email/cancel`

use actix_web::web::Data;
use rookery_core::Addresses;
use rookery_core::ports::SignedIn;
use rookery_domain::Caller;
use rookery_door::body::{ChangeEmailBody, Form, Shape};
use rookery_door::{Answer, CallerInfo, Counter, Problem, deed};

use super::security::{PAGE, Security};
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::Person;

/// Somebody wants another address: it is asked to confirm first.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    addresses: Data<dyn Addresses>,
    security: Security,
    Posted(form): Posted,
) -> Answer {
    match request(&form, &signed_in, caller, &counter, addresses.as_ref()).await {
        Ok(()) => Ok(visitor.go_and_say(PAGE, Note::EmailRequested)),
        Err(problem) => {
            let field = if matches!(problem, Problem::EmailTaken) {
                "newEmail"
            } else {
                "password"
            };
            let filled = Filled::refused(&form, problem)?.in_form("email").blaming(field);
            security.page(&visitor, &signed_in, filled).await
        }
    }
}

async fn request(
    form: &Form,
    signed_in: &SignedIn,
    caller: Caller,
    counter: &Counter,
    addresses: &dyn Addresses,
) -> Result<(), Problem> {
    let change = form.parse::<ChangeEmailBody>(&Shape::default())?.meant(caller)?;
    deed::change_email(counter, addresses, signed_in, change).await
}

/// Somebody wants it no more.
pub(crate) async fn cancel(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    addresses: Data<dyn Addresses>,
    Posted(_): Posted,
) -> Answer {
    addresses.cancel(&signed_in, &caller).await?;
    Ok(visitor.go_and_say(PAGE, Note::EmailCancelled))
}
