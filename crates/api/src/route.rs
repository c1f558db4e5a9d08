//! One sentence per endpoint.

mod change_password;
mod docs;
mod health;
mod log_in;
mod log_out;
mod profile;
mod recovery;
mod session;
mod sign_up;
mod verification;

pub(crate) use change_password::*;
pub(crate) use docs::*;
pub(crate) use health::*;
pub(crate) use log_in::*;
pub(crate) use log_out::*;
pub(crate) use profile::*;
pub(crate) use recovery::*;
pub(crate) use session::*;
pub(crate) use sign_up::*;
pub(crate) use verification::*;
