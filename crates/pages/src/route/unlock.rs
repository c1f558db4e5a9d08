//! `/unlock`

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;

use rookery_core::{Unlock, Unlocked, Unlocking};
use rookery_domain::{Caller, DeviceToken};
use rookery_door::body::{Form, MailedTokenBody, Shape};
use rookery_door::{Answer, CallerInfo, Counter, HeldDevice, Problem, deed};

use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::{Guest, Visitor};

/// The button, and in its form the token of the link. Opening the page uses nothing up.
pub(crate) async fn show(Guest { visitor, .. }: Guest) -> Answer {
    page(&visitor, Filled::with(&[("token", visitor.asked("token"))]))
}

/// Somebody shows the token. Strangers cannot lock this browser out again.
pub(crate) async fn act(
    visitor: Visitor,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    counter: Counter,
    unlocking: Data<dyn Unlocking>,
    Posted(form): Posted,
) -> Answer {
    match unlock(&form, device, caller, &counter, unlocking.as_ref()).await {
        Ok(unlocked) => {
            let mut response = visitor.go_and_say("/login", Note::Unlocked);
            let known = visitor.door.cookie.knowing(&unlocked.device);
            response.headers_mut().append(SET_COOKIE, known);
            Ok(response)
        }
        Err(problem) => page(&visitor, Filled::refused(&form, problem)?),
    }
}

async fn unlock(
    form: &Form,
    device: Option<DeviceToken>,
    caller: Caller,
    counter: &Counter,
    unlocking: &dyn Unlocking,
) -> Result<Unlocked, Problem> {
    let token = form.parse::<MailedTokenBody>(&Shape::default())?.meant()?;
    deed::unlock(counter, unlocking, Unlock { token, device, caller }).await
}

fn page(visitor: &Visitor, filled: Filled) -> Answer {
    visitor.page("unlock.html").filled(filled).answer()
}
