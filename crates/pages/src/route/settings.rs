//! `/settings/…`: everything a person sees and changes of their account.

pub(crate) mod activity;
pub(crate) mod delete_account;
pub(crate) mod email;
pub(crate) mod exports;
pub(crate) mod password;
pub(crate) mod picture;
pub(crate) mod privacy;
pub(crate) mod profile;
pub(crate) mod recovery_codes;
pub(crate) mod second_factor;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod tenants;
pub(crate) mod trusted_browsers;

use rookery_door::Answer;

use crate::route::home::SETTINGS;
use crate::visitor::Visitor;

/// `/settings`: the first of them.
pub(crate) async fn show(visitor: Visitor) -> Answer {
    Ok(visitor.go_to(SETTINGS))
}
