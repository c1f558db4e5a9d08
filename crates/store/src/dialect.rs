//! What the two databases say differently: texts, and nothing else.

use sea_orm::DbBackend;

use crate::{event_outbox, outbox, profiles, transaction, webhooks};
use rookery_migrations::{
    ANNOUNCE_POSTGRES, ANNOUNCE_SQLITE, SESSION_LOOKUP_POSTGRES, SESSION_LOOKUP_SQLITE, SESSION_LOOKUP_SQLITE_PACKED,
};

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
    /// Queues an event for webhooks: `$1` its id, `$2` its kind, `$3` when, `$4` the person, `$5` the tenant, `$6` the
    /// session, `$7` whether it is about that session alone.
    pub(crate) announce: &'static str,
    /// Leases messages for webhooks due at `$1` until `$2` to `$3`, at most `$4` of them and `$5` of one webhook.
    pub(crate) event_claim: &'static str,
    /// The session an event of the audit log `e` was done to or in.
    pub(crate) replay_session: &'static str,
    /// Adds a member: `$1` tenant, `$2` person, `$3` when, `$4` roles as a JSON array, `$5` address.
    pub(crate) member_insert: &'static str,
    /// Answers whether the role may bypass row-level security, and whether commits reach the disk. `None` where neither
    /// is a question of the server's settings.
    pub(crate) inspection: Option<&'static str>,
}

impl Dialect {
    /// The texts for a connection whose database is not at hand.
    pub(crate) fn of(backend: DbBackend) -> &'static Self {
        match backend {
            DbBackend::Postgres => &POSTGRES,
            _ => &SQLITE,
        }
    }
}

pub(crate) static POSTGRES: Dialect = Dialect {
    scope: Some(transaction::SCOPE_POSTGRES),
    session_lookup: SESSION_LOOKUP_POSTGRES,
    session_lookup_packed: None,
    profile_lookup: profiles::LOOKUP_POSTGRES,
    roles_lookup: crate::event_reader::ROLES_POSTGRES,
    outbox_claim: outbox::CLAIM_POSTGRES,
    announce: ANNOUNCE_POSTGRES,
    event_claim: event_outbox::CLAIM_POSTGRES,
    replay_session: webhooks::REPLAY_SESSION_POSTGRES,
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
    announce: ANNOUNCE_SQLITE,
    event_claim: event_outbox::CLAIM_SQLITE,
    replay_session: webhooks::REPLAY_SESSION_SQLITE,
    member_insert: crate::members::INSERT_SQLITE,
    inspection: None,
};
