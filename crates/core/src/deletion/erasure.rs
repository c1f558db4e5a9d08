//! What becomes of every table when an account is erased: the one table. The store does what it says, in its order.

use std::fmt::Write;

/// What a column names, so that rows are found by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// The person, by their id; in `rookery_throttle_counters` by what the counters call them.
    Person,
    /// A tenant that closes with the account, by its id.
    Tenant,
    /// The person, by their address in whatever case: for rows that others made, such as an invitation.
    Address,
    /// The person, as whom staff did something to: `user:` and their id.
    Target,
    /// The person, as what staff searched for: the whole address in whatever case, or the id.
    Search,
    /// Nobody.
    Nobody,
}

/// What becomes of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasureFate {
    /// They go.
    Deleted,
    /// These columns are emptied, the rows stay.
    Emptied(&'static [&'static str]),
    /// What is personal is cleared as [retention](crate::RETENTION) clears it, the rows stay.
    Anonymised,
    /// They go with another row, which the database sees to.
    Follows,
    /// They stay as they are.
    Kept,
}

/// What becomes of the rows of one table that are found by one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasureRule {
    /// The table.
    pub table: &'static str,
    /// The column the rows are found by.
    pub column: &'static str,
    /// What that column names.
    pub names: Names,
    /// What becomes of the rows.
    pub fate: ErasureFate,
    /// Other columns that hold something personal.
    pub personal: &'static [&'static str],
    /// Why so.
    pub reason: &'static str,
}

/// A rule about rows that go.
const fn deleted(
    (table, column, names): (&'static str, &'static str, Names),
    personal: &'static [&'static str],
    reason: &'static str,
) -> ErasureRule {
    ErasureRule {
        table,
        column,
        names,
        fate: ErasureFate::Deleted,
        personal,
        reason,
    }
}

/// A rule about rows that do not.
const fn other(
    (table, column, names): (&'static str, &'static str, Names),
    fate: ErasureFate,
    personal: &'static [&'static str],
    reason: &'static str,
) -> ErasureRule {
    ErasureRule {
        table,
        column,
        names,
        fate,
        personal,
        reason,
    }
}

/// Every table there is, and every column of it that names a person or a tenant or holds something personal. What refers to
/// something comes before what it refers to. A test compares this with the schema of both databases.
pub const ERASURE: &[ErasureRule] = &[
    deleted(
        ("rookery_outbox", "user_id", Names::Person),
        &["recipient", "sealed", "last_error"],
        "mails to them, sent or not; the last one is queued afterwards, for nobody's account, and deleted once it is settled",
    ),
    deleted(
        ("rookery_outbox", "recipient", Names::Address),
        &["sealed", "last_error"],
        "mails to their address from before they had the account, such as an invitation",
    ),
    deleted(
        ("rookery_tokens", "user_id", Names::Person),
        &["email"],
        "links and codes they were mailed",
    ),
    deleted(
        ("rookery_undos", "user_id", Names::Person),
        &["email", "address"],
        "ways back from a change; the addresses they kept are free again",
    ),
    deleted(
        ("rookery_sessions", "user_id", Names::Person),
        &["address", "user_agent"],
        "their sessions",
    ),
    other(
        ("rookery_sessions", "tenant_id", Names::Tenant),
        ErasureFate::Follows,
        &[],
        "sessions of others leave a tenant that is gone",
    ),
    deleted(
        ("rookery_devices", "user_id", Names::Person),
        &["user_agent"],
        "browsers they signed in with",
    ),
    deleted(
        ("rookery_challenges", "user_id", Names::Person),
        &[],
        "sign-ins that wait for a second factor",
    ),
    deleted(
        ("rookery_factors", "user_id", Names::Person),
        &["sealed_secret"],
        "authenticator apps",
    ),
    deleted(
        ("rookery_recovery_codes", "user_id", Names::Person),
        &[],
        "recovery codes",
    ),
    deleted(
        ("rookery_pictures", "user_id", Names::Person),
        &["path", "content"],
        "the picture they show",
    ),
    deleted(
        ("user_preferences", "user_id", Names::Person),
        &[],
        "language, time zone, mails",
    ),
    deleted(
        ("rookery_credentials", "user_id", Names::Person),
        &["password_hash", "pending_email"],
        "the password, and an address that waits",
    ),
    other(
        ("rookery_consents", "user_id", Names::Person),
        ErasureFate::Follows,
        &["version", "channel", "language"],
        "what they agreed to; goes with the row of `users`, and cannot before",
    ),
    other(
        ("rookery_export_parts", "user_id", Names::Person),
        ErasureFate::Follows,
        &["sealed"],
        "copies of their data; go with the row of `users`",
    ),
    other(
        ("rookery_exports", "user_id", Names::Person),
        ErasureFate::Follows,
        &["last_error"],
        "that they asked for copies; goes with the row of `users`",
    ),
    other(
        ("rookery_invitation_tokens", "invitation_id", Names::Nobody),
        ErasureFate::Follows,
        &[],
        "digests of mailed tokens; go with the invitation",
    ),
    deleted(
        ("rookery_invitations", "inviter_user_id", Names::Person),
        &["email", "note"],
        "invitations that stand on their word",
    ),
    deleted(
        ("rookery_invitations", "address", Names::Address),
        &["email", "note"],
        "invitations to them, whoever sent them",
    ),
    deleted(
        ("rookery_invitations", "tenant_id", Names::Tenant),
        &["email", "note"],
        "invitations into a tenant that closes with the account",
    ),
    deleted(
        ("tenant_users", "user_id", Names::Person),
        &["email", "roles"],
        "memberships, those that have ended included",
    ),
    deleted(
        ("tenant_users", "tenant_id", Names::Tenant),
        &["email", "roles"],
        "who belonged to a tenant that closes with the account",
    ),
    deleted(
        ("tenant_policies", "tenant_id", Names::Tenant),
        &[],
        "the rules of a tenant that closes with the account",
    ),
    deleted(
        ("rookery_tenant_policies", "tenant_id", Names::Tenant),
        &[],
        "what Rookery keeps of those rules besides",
    ),
    deleted(
        ("rookery_webhooks", "tenant_id", Names::Tenant),
        &["url"],
        "where a tenant that closes with the account was told of events",
    ),
    other(
        ("rookery_webhook_messages", "user_id", Names::Person),
        ErasureFate::Kept,
        &[],
        "ids alone, which lead to nobody any more; other systems are still to be told that the account is gone. They go after \
         30 days",
    ),
    other(
        ("rookery_webhook_messages", "tenant_id", Names::Tenant),
        ErasureFate::Kept,
        &[],
        "ids alone; those for the tenant's own webhooks go with them",
    ),
    deleted(
        ("tenants", "id", Names::Tenant),
        &["name"],
        "a tenant that closes with the account",
    ),
    other(
        ("rookery_audit_events", "user_id", Names::Person),
        ErasureFate::Anonymised,
        &["request_id", "address", "user_agent", "detail"],
        "what happened when is kept, with ids that lead to nobody any more; the rows go after 7 years",
    ),
    other(
        ("rookery_audit_events", "target", Names::Target),
        ErasureFate::Anonymised,
        &["request_id", "address", "user_agent", "detail"],
        "what staff did to them: who did what and when is kept, the reasons are not. That they erased the account is written down \
         afterwards, with its reason for 90 days",
    ),
    other(
        ("rookery_audit_events", "detail", Names::Search),
        ErasureFate::Anonymised,
        &["request_id", "address", "user_agent", "detail"],
        "searches of staff for their whole address or id. The beginning of one tells nobody apart; it and what else was written \
         into a reason go after 90 days",
    ),
    other(
        ("rookery_audit_events", "tenant_id", Names::Tenant),
        ErasureFate::Kept,
        &[],
        "as above: an id alone",
    ),
    deleted(
        ("rookery_throttle_counters", "subject", Names::Person),
        &[],
        "what is counted of the person and of their address, under keyed digests",
    ),
    deleted(
        ("rookery_deletions", "user_id", Names::Person),
        &["reason"],
        "the wish to be deleted",
    ),
    deleted(
        ("rookery_staff", "user_id", Names::Person),
        &[],
        "what they are among the staff",
    ),
    deleted(
        ("rookery_legal_holds", "user_id", Names::Person),
        &["reason"],
        "there is none: an account on hold is not erased",
    ),
    other(
        ("rookery_addresses", "user_id", Names::Person),
        ErasureFate::Follows,
        &["address"],
        "goes with the row of `users`, whose address it is; the address is free again",
    ),
    deleted(
        ("users", "id", Names::Person),
        &["name", "family_name", "given_name", "email", "picture"],
        "the person",
    ),
    other(
        ("rookery_erasures", "user_id", Names::Person),
        ErasureFate::Kept,
        &[],
        "the receipt: an id that leads to nobody, times and numbers. It is what an erasure is repeated by after a backup was \
         restored. It goes after 7 years",
    ),
    other(
        ("rookery_migrations", "version", Names::Nobody),
        ErasureFate::Kept,
        &[],
        "the history of the schema",
    ),
];

/// The page of the documentation that says so, in Markdown.
#[must_use]
pub fn erasure_page() -> String {
    let mut page = String::from(
        "# What becomes of what when an account is erased\n\n\
         Made by `cargo run -p rookery-core --example erasure > docs/erasure.md` from the one table in the code, which is also what \
         the\nservice does; tests compare it with this page and with the schema of both databases. What leads up to an erasure is \
         told in\n[deletion.md](deletion.md).\n\n\
         | table | rows found by | then | personal in them | why |\n|---|---|---|---|---|\n",
    );
    for rule in ERASURE {
        let ErasureRule {
            table, column, reason, ..
        } = rule;
        let found = match rule.names {
            Names::Person => format!("`{column}`: the person"),
            Names::Tenant => format!("`{column}`: a tenant that closes with the account"),
            Names::Address => format!("`{column}`: the person's address"),
            Names::Target => format!("`{column}`: the person, in the log of the staff"),
            Names::Search => format!("`{column}`: the person's address or id, in searches of the staff"),
            Names::Nobody => "–".to_owned(),
        };
        let fate = match rule.fate {
            ErasureFate::Deleted => "deleted".to_owned(),
            ErasureFate::Emptied(columns) => format!("{} emptied, the row stays", quoted(columns)),
            ErasureFate::Anonymised => "cleared, the row stays".to_owned(),
            ErasureFate::Follows => "follows".to_owned(),
            ErasureFate::Kept => "kept".to_owned(),
        };
        let personal = match rule.personal {
            [] => "–".to_owned(),
            columns => quoted(columns),
        };
        // Writing to a text cannot fail.
        let _ = writeln!(page, "| `{table}` | {found} | {fate} | {personal} | {reason} |");
    }
    page
}

fn quoted(columns: &[&str]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_says_the_same() {
        let committed = include_str!("../../../../docs/erasure.md");
        assert_eq!(committed, erasure_page(), "make it anew as its second line says");
    }

    #[test]
    fn no_column_has_two_fates() {
        for (place, rule) in ERASURE.iter().enumerate() {
            let again = ERASURE[..place]
                .iter()
                .find(|other| (other.table, other.column, other.names) == (rule.table, rule.column, rule.names));
            assert_eq!(again, None);
        }
    }

    #[test]
    fn the_person_goes_after_everything_that_refers_to_them() {
        let place = |table| ERASURE.iter().rposition(|rule| rule.table == table).unwrap();
        let goes = |rule: &&ErasureRule| rule.fate == ErasureFate::Deleted && rule.names == Names::Person;
        for rule in ERASURE.iter().filter(goes) {
            assert!(place(rule.table) <= place("users"), "{}", rule.table);
        }
    }
}
