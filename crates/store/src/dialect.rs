//! What the two databases say differently: texts, and nothing else.

use crate::{outbox, profiles, transaction};
use rookery_migrations::{SESSION_LOOKUP_POSTGRES, SESSION_LOOKUP_SQLITE, SESSION_LOOKUP_SQLITE_PACKED};

/// The texts of one database. Chosen once, in [`Database::connect`](crate::Database::connect).
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Tells row-level security for whom the transaction works: `$1` the person, `$2` the tenant, `$3` the scope.
    /// `None` where there is no row-level security to tell.
    pub(crate) scope: Option<&'static str>,
    /// Finds the sessions of the digests `$1`, live at `$2`.
    pub(crate) session_lookup: &'static str,
    /// The same with all rows packed in one JSON array, where that is faster.
    pub(crate) session_lookup_packed: Option<&'static str>,
    /// Finds a profile by `$1` its person, inside the tenant `$2`.
    pub(crate) profile_lookup: &'static str,
    /// Finds the roles in the tenant `$1` of the person `$2`.
    pub(crate) roles_lookup: &'static str,
    /// Leases mails due at `$1` until `$2`, at most `$3` of them.
    pub(crate) outbox_claim: &'static str,
    /// Adds a member: `$1` tenant, `$2` person, `$3` when, `$4` roles as a JSON array, `$5` address.
    pub(crate) member_insert: &'static str,
    /// Answers whether the role may bypass row-level security, and whether commits reach the disk. `None` where neither
    /// is a question of the server's settings.
    pub(crate) inspection: Option<&'static str>,
}

pub(crate) static POSTGRES: Dialect = Dialect {
    scope: Some(transaction::SCOPE_POSTGRES),
    session_lookup: SESSION_LOOKUP_POSTGRES,
    session_lookup_packed: None,
    profile_lookup: profiles::LOOKUP_POSTGRES,
    roles_lookup: crate::event_reader::ROLES_POSTGRES,
    outbox_claim: outbox::CLAIM_POSTGRES,
    member_insert: crate::members::INSERT_POSTGRES,
    inspection: Some(
        "SELECT rolsuper OR rolbypassrls, \
         current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' \
         FROM pg_roles WHERE rolname = current_user",
    ),
};

pub(crate) static SQLITE: Dialect = Dialect {
    scope: None,
    session_lookup: SESSION_LOOKUP_SQLITE,
    session_lookup_packed: Some(SESSION_LOOKUP_SQLITE_PACKED),
    profile_lookup: profiles::LOOKUP_SQLITE,
    roles_lookup: crate::event_reader::ROLES_SQLITE,
    outbox_claim: outbox::CLAIM_SQLITE,
    member_insert: crate::members::INSERT_SQLITE,
    inspection: None,
};
