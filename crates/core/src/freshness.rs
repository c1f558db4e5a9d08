//! What only somebody may do who has proved lately who they are.

use rookery_domain::{Session, Timestamp};
use thiserror::Error;

/// The person signed in too long ago for what they ask: they must prove again who they are first.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the person must prove again who they are")]
pub struct ReauthenticationRequired;

/// The one check before everything sensitive; [`Session::FRESHNESS`] says how long a proof counts.
///
/// # Errors
/// [`ReauthenticationRequired`] when the last proof is older.
pub fn require_fresh(session: &Session, now: Timestamp) -> Result<(), ReauthenticationRequired> {
    if session.is_fresh(now) {
        Ok(())
    } else {
        Err(ReauthenticationRequired)
    }
}
