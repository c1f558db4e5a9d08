//! `/settings/security/password`

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use rookery_core::ports::SignedIn;
use rookery_core::{ChangePassword, Passwords, RenewedSession};
use rookery_domain::Violations;
use rookery_door::body::{ChangePasswordBody, Shape};
use rookery_door::{Answer, CallerInfo, HeldDevice, Problem};

use super::security::{PAGE, Security};
use crate::filled::Filled;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::Person;

/// Somebody changes their password. The session goes on under another token.
pub(crate) async fn act(
    Person { visitor, signed_in }: Person,
    HeldDevice(device): HeldDevice,
    CallerInfo(caller): CallerInfo,
    passwords: Data<dyn Passwords>,
    security: Security,
    Posted(form): Posted,
) -> Answer {
    let policy = &visitor.door.password_policy;
    let meant = form
        .parse::<ChangePasswordBody>(&Shape::default())?
        .meant(policy, device, caller);
    match change(passwords.as_ref(), &signed_in, meant).await {
        Ok(renewed) => {
            let mut response = visitor.go_and_say(PAGE, Note::PasswordChanged);
            response
                .headers_mut()
                .append(SET_COOKIE, visitor.door.renewing(&renewed));
            Ok(response)
        }
        Err(problem) => {
            let filled = Filled::refused(&form, problem)?
                .in_form("password")
                .blaming("currentPassword");
            security.page(&visitor, &signed_in, filled).await
        }
    }
}

async fn change(
    passwords: &dyn Passwords,
    signed_in: &SignedIn,
    meant: Result<ChangePassword, Violations>,
) -> Result<RenewedSession, Problem> {
    Ok(passwords.change(signed_in, meant?).await?)
}
