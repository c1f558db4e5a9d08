//! `/`: on to where somebody belongs.

use rookery_door::Answer;

use crate::visitor::Guest;

/// The page people see first once they are in.
pub(crate) const SETTINGS: &str = "/settings/profile";

/// The settings for whoever is signed in, the sign-in for everybody else.
pub(crate) async fn show(Guest { visitor, signed_in }: Guest) -> Answer {
    Ok(visitor.go_to(if signed_in.is_some() { SETTINGS } else { "/login" }))
}
