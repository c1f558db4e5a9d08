//! The rows, one module a table. They never leave this crate: stores turn them into words of the domain and back.
//!
//! `tenant_users` is not among them, for its roles are a list that the two databases keep in two ways; see
//! [`members`](crate::members).

pub(crate) mod challenge;
pub(crate) mod counter;
pub(crate) mod credential;
pub(crate) mod device;
pub(crate) mod event;
pub(crate) mod factor;
pub(crate) mod invitation;
pub(crate) mod mail;
pub(crate) mod picture;
pub(crate) mod preferences;
pub(crate) mod recovery_code;
pub(crate) mod session;
pub(crate) mod staff_member;
pub(crate) mod tenant;
pub(crate) mod token;
pub(crate) mod undo;
pub(crate) mod user;
pub(crate) mod webhook;
pub(crate) mod webhook_message;
