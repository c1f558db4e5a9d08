//! What becomes of a log-in whose password was right.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountView, SecondFactorRequiredView};

/// A session has begun, or waits for a second factor.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = LoggedIn)]
pub(crate) enum LogInView<'a> {
    Begun(AccountView<'a>),
    Waiting(SecondFactorRequiredView),
}
