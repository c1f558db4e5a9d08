//! `/settings/security/trusted-browsers/forget`

use actix_web::web::Data;
use rookery_core::SecondFactors;
use rookery_domain::DeviceId;
use rookery_door::{Answer, CallerInfo, Problem};

use super::second_factor::PAGE;
use crate::note::Note;
use crate::posted::Posted;
use crate::visitor::Person;

/// Somebody has one browser, or all of them, asked for the second factor again.
pub(crate) async fn forget(
    Person { visitor, signed_in }: Person,
    CallerInfo(caller): CallerInfo,
    factors: Data<dyn SecondFactors>,
    Posted(form): Posted,
) -> Answer {
    let named: Option<DeviceId> = match form.text("id") {
        "" => None,
        id => Some(id.parse().map_err(|_| Problem::TrustedDeviceNotFound)?),
    };
    factors.forget_devices(&signed_in, named, &caller).await?;
    Ok(visitor.go_and_say(PAGE, Note::DevicesForgotten))
}
