//! What only somebody may do who has proved lately who they are.

use rookery_domain::{Role, Session, Timestamp};
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

/// The same check before anything that makes, unmakes or invites an owner: whoever finds an open session must not take the tenant
/// over with it. Of other roles nothing is asked.
///
/// # Errors
/// [`ReauthenticationRequired`] when one of the roles is the owner's and the last proof is older.
pub fn require_fresh_for_owners(
    session: &Session,
    roles: &[Role],
    now: Timestamp,
) -> Result<(), ReauthenticationRequired> {
    if roles.contains(&Role::Owner) {
        require_fresh(session, now)
    } else {
        Ok(())
    }
}
