//! One sentence per endpoint.

mod activity;
mod change_email;
mod change_password;
mod docs;
mod health;
mod log_in;
mod log_out;
mod profile;
mod reauthenticate;
mod recovery;
mod second_factor;
mod second_step;
mod session;
mod sessions;
mod sign_up;
mod undo;
mod unlock;
mod verification;

pub(crate) use activity::*;
pub(crate) use change_email::*;
pub(crate) use change_password::*;
pub(crate) use docs::*;
pub(crate) use health::*;
pub(crate) use log_in::*;
pub(crate) use log_out::*;
pub(crate) use profile::*;
pub(crate) use reauthenticate::*;
pub(crate) use recovery::*;
pub(crate) use second_factor::*;
pub(crate) use second_step::*;
pub(crate) use session::*;
pub(crate) use sessions::*;
pub(crate) use sign_up::*;
pub(crate) use undo::*;
pub(crate) use unlock::*;
pub(crate) use verification::*;
