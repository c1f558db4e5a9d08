//! One statement a section: `$1` the person, behind the moment `$2` and the name `$3`, at most `$4` records.

use rookery_core::Section;

use crate::dialect::Dialect;

/// The columns, the rows they are of, and by what those are ordered.
macro_rules! section {
    ($columns:expr, $rows:expr, ($at:literal, $id:literal)) => {
        concat!(
            "SELECT ",
            $at,
            ", ",
            $id,
            ", ",
            $columns,
            " FROM ",
            $rows,
            " AND (",
            $at,
            ", ",
            $id,
            ") > ($2, $3) ORDER BY ",
            $at,
            ", ",
            $id,
            " LIMIT $4"
        )
    };
}

macro_rules! memberships {
    ($roles:literal) => {
        section!(
            concat!(
                "m.tenant_id, CASE WHEN m.deleted IS NULL THEN t.name END, ",
                $roles,
                ", m.email, m.created, m.updated, m.deleted"
            ),
            "tenant_users m LEFT JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = $1",
            ("m.created", "m.tenant_id")
        )
    };
}

/// What a person is in their tenants, or was: of one they have left the name is no longer theirs to know.
pub(crate) const MEMBERSHIPS_POSTGRES: &str = memberships!("CAST(array_to_json(m.roles) AS text)");
/// As [`MEMBERSHIPS_POSTGRES`].
pub(crate) const MEMBERSHIPS_SQLITE: &str = memberships!("m.roles");

const PROFILE: &str = section!(
    "u.id, u.email, u.email_verified, c.pending_email, c.pending_email_expires_at, u.name, u.given_name, u.family_name, \
     u.picture, u.created, u.updated, c.changed_at, c.last_used_at, c.second_factor_at, c.disabled_at",
    "users u LEFT JOIN rookery_credentials c ON c.user_id = u.id WHERE u.id = $1",
    ("u.created", "u.id")
);
const PREFERENCES: &str = section!(
    "p.theme, p.language, p.timezone, p.email_notifications, p.push_notifications, p.weekly_reports, p.marketing_emails, \
     p.created, p.updated",
    "user_preferences p WHERE p.user_id = $1",
    ("p.created", "p.id")
);
const SESSIONS: &str = section!(
    "s.id, s.created_at, s.authenticated_at, s.last_seen_at, s.expires_at, s.remember, s.methods, s.address, s.user_agent, \
     s.tenant_id",
    "rookery_sessions s WHERE s.user_id = $1",
    ("s.created_at", "s.id")
);
const DEVICES: &str = section!(
    "d.id, d.user_agent, d.created_at, d.last_used_at, d.trusted_until",
    "rookery_devices d WHERE d.user_id = $1",
    ("d.created_at", "d.id")
);
const SECOND_FACTORS: &str = section!(
    "f.kind, f.created_at, f.confirmed_at, f.last_used_at, f.removed_at",
    "rookery_factors f WHERE f.user_id = $1",
    ("f.created_at", "f.id")
);
const RECOVERY_CODES: &str = section!(
    "r.created_at, r.used_at, r.replaced_at",
    "rookery_recovery_codes r WHERE r.user_id = $1",
    ("r.created_at", "r.id")
);
const CONSENTS: &str = section!(
    "a.subject, a.version, a.given, a.channel, a.language, a.decided_at",
    "rookery_consents a WHERE a.user_id = $1",
    ("a.decided_at", "a.id")
);
const MAILS: &str = section!(
    "m.id, m.kind, CAST(NULL AS text), m.recipient, m.state, m.created_at, m.sent_at",
    "rookery_outbox m WHERE m.user_id = $1",
    ("m.created_at", "m.id")
);
const LINKS: &str = section!(
    "k.purpose, k.email, k.created_at, k.expires_at, k.consumed_at",
    "rookery_tokens k WHERE k.user_id = $1",
    ("k.created_at", "k.id")
);
const CHANGES: &str = section!(
    "w.kind, w.email, w.created_at, w.expires_at, w.used_at",
    "rookery_undos w WHERE w.user_id = $1",
    ("w.created_at", "w.id")
);
const EXPORTS: &str = section!(
    "x.id, x.state, x.requested_at, x.settled_at, x.expires_at, x.size",
    "rookery_exports x WHERE x.user_id = $1",
    ("x.requested_at", "x.id")
);
const ACTIVITY: &str = section!(
    "e.id, e.occurred_at, e.action, e.outcome, e.actor, e.target, e.tenant_id, e.session_id, e.address, e.user_agent, \
     e.request_id, e.detail, e.anonymised_at",
    "rookery_audit_events e WHERE e.user_id = $1",
    ("e.occurred_at", "e.id")
);

pub(super) fn of(section: Section, dialect: &Dialect) -> &'static str {
    match section {
        Section::Profile => PROFILE,
        Section::Preferences => PREFERENCES,
        Section::Memberships => dialect.membership_records,
        Section::Sessions => SESSIONS,
        Section::Devices => DEVICES,
        Section::SecondFactors => SECOND_FACTORS,
        Section::RecoveryCodes => RECOVERY_CODES,
        Section::Consents => CONSENTS,
        Section::Mails => MAILS,
        Section::Links => LINKS,
        Section::Changes => CHANGES,
        Section::Exports => EXPORTS,
        Section::Activity => ACTIVITY,
    }
}
