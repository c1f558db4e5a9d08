//! `/login`

use actix_web::HttpResponse;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::{Authentication, LogInOutcome, LoggedIn};
use rookery_door::body::{Form, LogInBody, Shape};
use rookery_door::{Answer, CallerInfo, HeldDevice, HeldToken, deed};

use super::consents;
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

const SHAPE: Shape<'static> = Shape {
    switches: &["rememberMe"],
    optional: &[],
};

/// The form; whoever is signed in already goes on.
pub(crate) async fn show(Guest { visitor, signed_in }: Guest) -> Answer {
    if signed_in.is_some() {
        return Ok(visitor.go_on_or_home(visitor.asked("redirect")));
    }
    page(&visitor, Filled::with(&[("redirect", visitor.asked("redirect"))]))
}

/// Somebody says who they are.
pub(crate) async fn act(
    visitor: Visitor,
    HeldToken(held): HeldToken,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    authentication: Data<dyn Authentication>,
    Posted(form): Posted,
) -> Answer {
    let meant = form.parse::<LogInBody>(&SHAPE)?.meant(held, device, caller);
    let log_in = match meant {
        Ok(log_in) => deed::log_in(&visitor.door, authentication.as_ref(), log_in).await,
        Err(violations) => Err(violations.into()),
    };
    match log_in {
        Ok(LogInOutcome::LoggedIn(logged_in)) => Ok(signed_in(&visitor, &form, &logged_in)),
        Ok(LogInOutcome::SecondFactorRequired(required)) => {
            let mut response = visitor.go_with("/login/second-factor", &[("redirect", form.text("redirect"))]);
            let cookie = visitor.door.cookie.challenging(&required, visitor.door.now());
            response.headers_mut().append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?),
    }
}

/// On to where they wanted to go, with the session.
pub(super) fn signed_in(visitor: &Visitor, form: &Form, logged_in: &LoggedIn) -> HttpResponse {
    let door = &visitor.door;
    let remembered_until = logged_in.remembered.then_some(logged_in.expires);
    let session = door.cookie.carrying(&logged_in.token, remembered_until, door.now());
    let response = consents::go_by(visitor, form.text("redirect"));
    let mut response = if logged_in.kept {
        visitor.saying(Note::AccountKept, response)
    } else {
        response
    };
    let headers = response.headers_mut();
    headers.append(SET_COOKIE, session);
    headers.append(SET_COOKIE, door.cookie.knowing(&logged_in.device));
    response
}

fn page(visitor: &Visitor, filled: Filled) -> Answer {
    visitor.page("login.html").filled(filled).answer()
}
