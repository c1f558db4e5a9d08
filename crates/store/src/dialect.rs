//! What the two databases say differently: texts, and nothing else.

use sea_orm::DbBackend;

use crate::{event_outbox, exports, outbox, personal_records, profiles, transaction, webhooks};
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
    /// Leases a copy of somebody's data that is due to be made at `$1` until `$2` to `$3`.
    pub(crate) export_claim: &'static str,
    /// Finds what the person `$1` is or was in tenants, behind the moment `$2` and the tenant `$3`, at most `$4` of them.
    pub(crate) membership_records: &'static str,
    /// The session an event of the audit log `e` was done to or in.
    pub(crate) replay_session: &'static str,
    /// The person an event of the audit log `e` was done to, or who did it.
    pub(crate) replay_person: &'static str,
    /// Adds a member: `$1` tenant, `$2` person, `$3` when, `$4` roles as a JSON array, `$5` address.
    pub(crate) member_insert: &'static str,
    /// Gives the member `$2` of the tenant `$1` the roles `$3`, a JSON array, at `$4`.
    pub(crate) member_assign: &'static str,
    /// Finds an owner of the tenant `$1`, if it has one.
    pub(crate) owner_lookup: &'static str,
    /// Finds the tenants of the person `$1`, and who else stays in each.
    pub(crate) stakes_lookup: &'static str,
    /// Finds the owners of the tenant `$1`, to write to them.
    pub(crate) owners_lookup: &'static str,
    /// Finds the tenants of the person `$1`.
    pub(crate) memberships_lookup: &'static str,
    /// Finds what the person `$1` is in the tenant `$2`.
    pub(crate) membership_lookup: &'static str,
    /// Finds members of the tenant `$1` for the member `$2`: behind the moment `$3` and the person `$4`, like one of the patterns
    /// from `$5` to `$8`, at most `$9` of them.
    pub(crate) member_list: &'static str,
    /// Finds the member `$3` of the tenant `$1` for the member `$2`.
    pub(crate) member_lookup: &'static str,
    /// Has what was overwritten leave the write-ahead log. `None` where that is not ours to do.
    pub(crate) scrub: Option<&'static str>,
    /// Finds those who have belonged to the tenant `$1` longest, at most `$2` of them.
    pub(crate) first_members: &'static str,
    /// Makes a member, or a former one a member again: as `member_insert`. Changes no row of who is one.
    pub(crate) member_join: &'static str,
    /// Finds the invitation that was mailed with the token of the digest `$1`.
    pub(crate) invitation_lookup: &'static str,
    /// Finds invitations of the tenant `$1` for the member `$2`: before the moment `$3` and the id `$4`, of which `$5` has
    /// become at `$6`, at most `$7` of them.
    pub(crate) invitation_list: &'static str,
    /// Finds the invitation `$3` of the tenant `$1` for the member `$2`.
    pub(crate) invitation_find: &'static str,
    /// Answers whether the role may bypass row-level security, whether it may change the schema, and whether commits reach
    /// the disk. `None` where none of it is a question of the server's settings.
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
    roles_lookup: crate::members::ROLES_POSTGRES,
    outbox_claim: outbox::CLAIM_POSTGRES,
    announce: ANNOUNCE_POSTGRES,
    event_claim: event_outbox::CLAIM_POSTGRES,
    export_claim: exports::CLAIM_POSTGRES,
    membership_records: personal_records::MEMBERSHIPS_POSTGRES,
    replay_session: webhooks::REPLAY_SESSION_POSTGRES,
    replay_person: webhooks::REPLAY_PERSON_POSTGRES,
    member_insert: crate::members::INSERT_POSTGRES,
    member_assign: crate::members::ASSIGN_POSTGRES,
    owner_lookup: crate::members::OWNER_POSTGRES,
    stakes_lookup: crate::deletions::STAKES_POSTGRES,
    owners_lookup: crate::policies::OWNERS_POSTGRES,
    memberships_lookup: crate::tenants::OF_PERSON_POSTGRES,
    membership_lookup: crate::tenants::MEMBERSHIP_POSTGRES,
    member_list: crate::roster::LIST_POSTGRES,
    member_lookup: crate::roster::FIND_POSTGRES,
    scrub: None,
    first_members: crate::oversight::FIRST_MEMBERS_POSTGRES,
    member_join: crate::members::JOIN_POSTGRES,
    invitation_lookup: crate::invitations::BY_TOKEN_POSTGRES,
    invitation_list: crate::invitations::LIST_POSTGRES,
    invitation_find: crate::invitations::FIND_POSTGRES,
    inspection: Some(
        "SELECT EXISTS (SELECT FROM pg_roles r \
         WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(current_user, r.oid, 'MEMBER')), \
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) OR EXISTS (SELECT FROM pg_class c \
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN ('users', 'rookery_sessions') \
         AND pg_has_role(current_user, c.relowner, 'MEMBER')), \
         current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off'",
    ),
};

pub(crate) static SQLITE: Dialect = Dialect {
    scope: None,
    session_lookup: SESSION_LOOKUP_SQLITE,
    session_lookup_packed: Some(SESSION_LOOKUP_SQLITE_PACKED),
    profile_lookup: profiles::LOOKUP_SQLITE,
    roles_lookup: crate::members::ROLES_SQLITE,
    outbox_claim: outbox::CLAIM_SQLITE,
    announce: ANNOUNCE_SQLITE,
    event_claim: event_outbox::CLAIM_SQLITE,
    export_claim: exports::CLAIM_SQLITE,
    membership_records: personal_records::MEMBERSHIPS_SQLITE,
    replay_session: webhooks::REPLAY_SESSION_SQLITE,
    replay_person: webhooks::REPLAY_PERSON_SQLITE,
    member_insert: crate::members::INSERT_SQLITE,
    member_assign: crate::members::ASSIGN_SQLITE,
    owner_lookup: crate::members::OWNER_SQLITE,
    stakes_lookup: crate::deletions::STAKES_SQLITE,
    owners_lookup: crate::policies::OWNERS_SQLITE,
    memberships_lookup: crate::tenants::OF_PERSON_SQLITE,
    membership_lookup: crate::tenants::MEMBERSHIP_SQLITE,
    member_list: crate::roster::LIST_SQLITE,
    member_lookup: crate::roster::FIND_SQLITE,
    scrub: Some("PRAGMA wal_checkpoint(TRUNCATE)"),
    first_members: crate::oversight::FIRST_MEMBERS_SQLITE,
    member_join: crate::members::JOIN_SQLITE,
    invitation_lookup: crate::invitations::BY_TOKEN_SQLITE,
    invitation_list: crate::invitations::LIST_SQLITE,
    invitation_find: crate::invitations::FIND_SQLITE,
    inspection: None,
};
