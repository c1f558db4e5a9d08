//! One file per page.

pub(crate) mod asset;
pub(crate) mod confirm_email;
pub(crate) mod consents;
pub(crate) mod email_confirmation;
pub(crate) mod forgot_password;
pub(crate) mod home;
pub(crate) mod invitation;
pub(crate) mod keep_account;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod reauthenticate;
pub(crate) mod register;
pub(crate) mod reset_password;
pub(crate) mod second_step;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod undo;
pub(crate) mod unlock;
pub(crate) mod verify_email;
