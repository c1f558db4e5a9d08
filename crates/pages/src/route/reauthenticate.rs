//! `/reauthenticate`: before something sensitive, and back to it.

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use minijinja::context;
use rookery_core::ports::SignedIn;
use rookery_core::{Reauthentication, RenewedSession, SecondFactors};
use rookery_domain::{Caller, SessionToken};
use rookery_door::body::{Form, ReauthenticateBody, Shape};
use rookery_door::{Answer, CallerInfo, HeldToken, Problem};

use super::settings::security::PAGE;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{LimitedPerson, Visitor};

/// The forms: the password, and for those who have one the second factor.
pub(crate) async fn show(
    LimitedPerson { visitor, signed_in }: LimitedPerson,
    factors: Data<dyn SecondFactors>,
) -> Answer {
    let filled = Filled::with(&[("redirect", visitor.asked("redirect"))]);
    page(&visitor, &signed_in, factors.as_ref(), filled).await
}

/// Somebody shows again who they are.
pub(crate) async fn act(
    LimitedPerson { visitor, signed_in }: LimitedPerson,
    held: HeldToken,
    CallerInfo(caller): CallerInfo,
    reauthentication: Data<dyn Reauthentication>,
    factors: Data<dyn SecondFactors>,
    Posted(form): Posted,
) -> Answer {
    match prove(&form, &signed_in, held.needed()?, caller, reauthentication.as_ref()).await {
        Ok(renewed) => {
            let mut response = visitor.saying(Note::Reauthenticated, visitor.go_on(form.text("redirect"), PAGE));
            let session = visitor.door.renewing(&renewed);
            response.headers_mut().append(SET_COOKIE, session);
            Ok(response)
        }
        Err(problem) => {
            let (name, field) = if form.has("code") {
                ("app", "code")
            } else {
                ("password", "password")
            };
            let filled = Filled::refused(&form, problem)?.in_form(name).blaming(field);
            page(&visitor, &signed_in, factors.as_ref(), filled).await
        }
    }
}

async fn prove(
    form: &Form,
    signed_in: &SignedIn,
    held: SessionToken,
    caller: Caller,
    reauthentication: &dyn Reauthentication,
) -> Result<RenewedSession, Problem> {
    let proof = form
        .parse::<ReauthenticateBody>(&Shape::default())?
        .meant(held, caller)?;
    Ok(reauthentication.prove(signed_in, proof).await?)
}

async fn page(visitor: &Visitor, signed_in: &SignedIn, factors: &dyn SecondFactors, filled: Filled) -> Answer {
    let status = factors.status(signed_in).await?;
    visitor
        .page("reauthenticate.html")
        .telling(context! { has_app => status.confirmed.is_some() })
        .filled(filled)
        .answer()
}
