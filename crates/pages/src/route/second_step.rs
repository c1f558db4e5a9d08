//! `/login/second-factor`

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::{Authentication, LoggedIn};
use rookery_domain::Caller;
use rookery_door::body::{Form, Held, SecondStepBody, Shape};
use rookery_door::{Answer, CallerInfo, HeldChallenge, HeldDevice, HeldToken, Problem, deed};

use super::log_in::signed_in;
use crate::filled::Filled;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

/// A code of the app or a recovery code: each has a form of its own, and the other field is not sent.
const SHAPE: Shape<'static> = Shape {
    switches: &["trustDevice"],
    optional: &[],
};

/// The forms; whoever has not shown a password yet begins with that.
pub(crate) async fn show(HeldChallenge(challenge): HeldChallenge, Guest { visitor, .. }: Guest) -> Answer {
    if challenge.is_none() {
        return Ok(visitor.go_with("/login", &[("redirect", visitor.asked("redirect"))]));
    }
    page(&visitor, Filled::with(&[("redirect", visitor.asked("redirect"))]))
}

/// Somebody shows their second factor.
pub(crate) async fn act(
    visitor: Visitor,
    HeldChallenge(challenge): HeldChallenge,
    HeldToken(session): HeldToken,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    authentication: Data<dyn Authentication>,
    Posted(form): Posted,
) -> Answer {
    let held = challenge.map(|challenge| Held {
        challenge,
        session,
        device,
    });
    match prove(&visitor, held, &form, caller, authentication.as_ref()).await {
        Ok(logged_in) => {
            let mut response = signed_in(&visitor, &form, &logged_in);
            let over = visitor.door.cookie.challenge_over();
            response.headers_mut().append(SET_COOKIE, over);
            Ok(response)
        }
        Err(problem) => {
            let (name, field) = if form.has("recoveryCode") {
                ("recovery", "recoveryCode")
            } else {
                ("app", "code")
            };
            page(&visitor, Filled::refused(&form, problem)?.in_form(name).blaming(field))
        }
    }
}

async fn prove(
    visitor: &Visitor,
    held: Option<Held>,
    form: &Form,
    caller: Caller,
    authentication: &dyn Authentication,
) -> Result<LoggedIn, Problem> {
    let held = held.ok_or_else(|| deed::challenge_ended(&visitor.door))?;
    let proved = form.parse::<SecondStepBody>(&SHAPE)?.meant(held, caller)?;
    deed::prove_second_factor(&visitor.door, authentication, proved).await
}

fn page(visitor: &Visitor, filled: Filled) -> Answer {
    visitor.page("second-factor.html").filled(filled).answer()
}
