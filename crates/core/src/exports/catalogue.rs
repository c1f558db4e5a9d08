//! Where something is kept that tells of a person, and what a copy does with it.

use super::Section;

/// What a copy does with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is told.
    Told(Section),
    /// It is a file of its own.
    File(&'static str),
    /// It is left out, and this is why.
    LeftOut(&'static str),
}

/// A table with something about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// What a copy does with it.
    pub held: Held,
}

const fn told(table: &'static str, section: Section) -> Holding {
    Holding {
        table,
        held: Held::Told(section),
    }
}

const fn left_out(table: &'static str, why: &'static str) -> Holding {
    Holding {
        table,
        held: Held::LeftOut(why),
    }
}

/// Every table with a column that names a person or holds an address. A test compares it with the live schema of both
/// databases: who makes another table decides here what a copy does with it.
pub const HOLDINGS: &[Holding] = &[
    told("users", Section::Profile),
    told("user_preferences", Section::Preferences),
    told("tenant_users", Section::Memberships),
    told("rookery_sessions", Section::Sessions),
    told("rookery_devices", Section::Devices),
    told("rookery_factors", Section::SecondFactors),
    told("rookery_recovery_codes", Section::RecoveryCodes),
    told("rookery_consents", Section::Consents),
    told("rookery_outbox", Section::Mails),
    told("rookery_tokens", Section::Links),
    told("rookery_undos", Section::Changes),
    told("rookery_exports", Section::Exports),
    told("rookery_audit_events", Section::Activity),
    // Its times stand in the profile; the password's hash is a secret.
    told("rookery_credentials", Section::Profile),
    Holding {
        table: "rookery_pictures",
        held: Held::File("picture.jpg"),
    },
    left_out(
        "rookery_addresses",
        "the address of the profile once more, to find it by",
    ),
    left_out(
        "rookery_challenges",
        "sign-ins that wait for a second factor, gone a day later; the activity tells of them",
    ),
    left_out(
        "rookery_export_parts",
        "the content of earlier copies, which is told in this one",
    ),
    left_out(
        "rookery_deletions",
        "a wish to be deleted waits only while nobody is signed in; the activity tells of earlier ones",
    ),
    left_out(
        "rookery_erasures",
        "receipts of accounts that are gone, which nobody can ask for any more",
    ),
    left_out(
        "rookery_invitations",
        "addresses of other people; whom somebody invited, and that they were invited, stands in the activity",
    ),
    left_out(
        "rookery_legal_holds",
        "that an account must be kept is not for the person to know while it must",
    ),
    left_out(
        "rookery_staff",
        "what somebody is among the staff, a record of whoever runs the service",
    ),
    left_out(
        "rookery_webhook_messages",
        "ids alone, of what the activity tells, on their way for a few days",
    ),
];
