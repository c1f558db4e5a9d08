//! What is kept how long: the one table.

use std::fmt::Write;

use chrono::Duration;
use rookery_domain::{Export, TokenPurpose};

/// A kind of row that housekeeping throws away, or takes what is personal out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leftover {
    /// Sessions, from when they ended by themselves (idle or absolute).
    Sessions,
    /// One-time tokens, used or not, from when they expired.
    Tokens,
    /// Sent, abandoned and discarded mails, from when they were written. One that still waits for delivery stays.
    Mails,
    /// Account events for webhooks, delivered or not, from when they were queued. None is tried for longer than a few days.
    WebhookMessages,
    /// Browsers that somebody signed in with, from when that was last.
    Devices,
    /// Counted attempts, from when they stopped counting.
    Counters,
    /// Sign-ins that waited for their second factor, from when they waited no longer.
    Challenges,
    /// Second factors that were begun and never confirmed, from when they were begun.
    UnconfirmedFactors,
    /// Second factors that were taken away, from then on: until the change can no longer be undone.
    RemovedFactors,
    /// Recovery codes that were replaced by others, from then on: as long as a removed factor.
    ReplacedRecoveryCodes,
    /// Ways back from a change, used or not, from when they expired.
    Undos,
    /// Invitations, answered or not, from when they were answered or expired.
    Invitations,
    /// Pictures that their person does not show any more, another program having changed the profile or ended the account,
    /// from when they were stored.
    Pictures,
    /// The content of copies that people have asked for, from when it was made; of those that are still in the making, too, when
    /// that is so long ago.
    ExportContents,
    /// That a copy was asked for and what became of it, from when it was asked for.
    Exports,
    /// What is personal in the audit log, except that of log-ins, from when it happened. Words that this release does not
    /// know count as log-ins.
    PersonalInEvents,
    /// What is personal in the log-ins of the audit log, from when they happened.
    PersonalInLogIns,
    /// Receipts of erasures, from then on.
    ErasureReceipts,
    /// Whole entries of the audit log, from when it happened. Only such as hold nothing personal any more.
    Events,
}

/// What becomes of a row in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The row goes.
    Deleted,
    /// What could tell a person goes, the row stays.
    Anonymised,
}

/// How long one kind of row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionRule {
    /// What it is about.
    pub leftover: Leftover,
    /// The table its rows lie in.
    pub table: &'static str,
    /// The rows, in words for people.
    pub rows: &'static str,
    /// The moment from which the time is counted, in words for people.
    pub from: &'static str,
    /// How long they are kept from then on, in days.
    pub days: i64,
    /// What happens then.
    pub fate: Fate,
}

impl RetentionRule {
    /// How long the rows are kept.
    #[must_use]
    pub const fn keep(&self) -> Duration {
        Duration::days(self.days)
    }
}

/// How long a person's log-ins are shown to them, and with address and device.
pub const LOG_IN_HISTORY: Duration = Duration::days(365);

/// Every kind of row that goes by itself, and when. What is not here is kept as long as the account it belongs to.
///
/// The numbers of the audit log are the service's promise: whole for 90 days, log-ins for 12 months, rows for 7 years. Tokens stay
/// for a while so that "expired" and "used" can be told from "unknown"; mails so that "did you send it?" has an answer.
pub const RETENTION: &[RetentionRule] = &[
    RetentionRule {
        leftover: Leftover::Sessions,
        table: "rookery_sessions",
        rows: "sessions",
        from: "they ended by themselves",
        days: 1,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Tokens,
        table: "rookery_tokens",
        rows: "one-time tokens",
        from: "they expired",
        days: 30,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Mails,
        table: "rookery_outbox",
        rows: "mails that were sent or given up",
        from: "they were written",
        days: 30,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::WebhookMessages,
        table: "rookery_webhook_messages",
        rows: "account events for webhooks",
        from: "they were queued",
        days: 30,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Devices,
        table: "rookery_devices",
        rows: "browsers a person signed in with",
        from: "they were last used",
        days: 365,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Counters,
        table: "rookery_throttle_counters",
        rows: "counted attempts, under digests",
        from: "they stopped counting",
        days: 1,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Challenges,
        table: "rookery_challenges",
        rows: "sign-ins that waited for their second factor",
        from: "they expired",
        days: 1,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::UnconfirmedFactors,
        table: "rookery_factors",
        rows: "second factors that were never confirmed",
        from: "they were begun",
        days: 1,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::RemovedFactors,
        table: "rookery_factors",
        rows: "second factors that were taken away",
        from: "that happened",
        days: TokenPurpose::Undo.life().num_days(),
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::ReplacedRecoveryCodes,
        table: "rookery_recovery_codes",
        rows: "recovery codes that were replaced",
        from: "that happened",
        days: TokenPurpose::Undo.life().num_days(),
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Undos,
        table: "rookery_undos",
        rows: "ways back from a change: a digest, and the address as it was",
        from: "they expired",
        days: 30,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Invitations,
        table: "rookery_invitations",
        rows: "invitations into a tenant, with the address, the note and the digests of their tokens",
        from: "they were answered, taken back or expired",
        days: 30,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Pictures,
        table: "rookery_pictures",
        rows: "pictures that no profile shows, and those of accounts that are gone",
        from: "they were stored",
        days: 1,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::ExportContents,
        table: "rookery_export_parts",
        rows: "the content of copies of all data, sealed",
        from: "it was made",
        days: Export::LIFE.num_days(),
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Exports,
        table: "rookery_exports",
        rows: "that a copy of all data was asked for, and what became of it",
        from: "that happened",
        days: 30,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::PersonalInEvents,
        table: "rookery_audit_events",
        rows: "network address, device, request id and detail of everything but log-ins",
        from: "it happened",
        days: 90,
        fate: Fate::Anonymised,
    },
    RetentionRule {
        leftover: Leftover::PersonalInLogIns,
        table: "rookery_audit_events",
        rows: "network address, device, request id and detail of log-ins",
        from: "they happened",
        days: LOG_IN_HISTORY.num_days(),
        fate: Fate::Anonymised,
    },
    RetentionRule {
        leftover: Leftover::ErasureReceipts,
        table: "rookery_erasures",
        rows: "receipts of erasures",
        from: "the account was erased",
        // As long as the events: longer than any backup is kept, so that whatever comes back with one is known to be gone.
        days: 7 * 365 + 2,
        fate: Fate::Deleted,
    },
    RetentionRule {
        leftover: Leftover::Events,
        table: "rookery_audit_events",
        rows: "events",
        from: "they happened",
        // Seven years hold one or two leap days.
        days: 7 * 365 + 2,
        fate: Fate::Deleted,
    },
];

/// The page of the documentation that says so, in Markdown.
#[must_use]
pub fn retention_page() -> String {
    let mut page = String::from(
        "# What is kept how long\n\n\
         Made by `cargo run -p rookery-core --example retention > docs/retention.md` from the one table in the code; a test \
         compares the two.\nHousekeeping goes through it about every ten minutes, on every node. What is not here is kept as \
         long as the account it belongs to.\n\n\
         | table | what | kept for | counted from when | then |\n|---|---|---|---|---|\n",
    );
    for rule in RETENTION {
        let RetentionRule { table, rows, from, .. } = rule;
        let fate = match rule.fate {
            Fate::Deleted => "deleted",
            Fate::Anonymised => "cleared, the row stays",
        };
        let kept = match rule.days {
            1 => "1 day".to_owned(),
            365 => "12 months".to_owned(),
            2_557 => "7 years".to_owned(),
            days => format!("{days} days"),
        };
        // Writing to a text cannot fail.
        let _ = writeln!(page, "| `{table}` | {rows} | {kept} | {from} | {fate} |");
    }
    page.push_str(
        "\nWhat an account on [legal hold](deletion.md#legal-hold) has is left alone, the counted attempts excepted, until the hold \
         is lifted; whatever has\nrun out by then goes with the next round.\n\n\
         Two more things go by themselves, by the [deletion](deletion.md) worker: accounts whose grace is over, and accounts \
         that nobody verifies or\nuses (`ROOKERY_UNVERIFIED_EXPIRY`, 7 days).\n",
    );
    page.push_str(
        "\nAn event keeps the ids of the account, tenant and session it is about, and what was done to what by whom. An id is \
         made by the\nservice and says nothing by itself: it leads to a person for as long as the account is there to be looked \
         up, and to nobody\nonce the account is erased. Triggers in the database refuse every other change of an event, and the \
         deletion of one that\nstill holds something personal.\n",
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: ASVS 14.1.2
    #[test]
    fn the_documentation_says_the_same() {
        let committed = include_str!("../../../../docs/retention.md");
        assert_eq!(committed, retention_page(), "make it anew as its second line says");
    }

    #[test]
    fn every_leftover_has_one_rule() {
        let mut leftovers: Vec<Leftover> = RETENTION.iter().map(|rule| rule.leftover).collect();
        leftovers.sort_unstable();
        leftovers.dedup();
        assert_eq!(leftovers.len(), RETENTION.len());
    }

    // Proves: ASVS 16.1.1
    #[test]
    fn the_audit_log_is_whole_for_90_days_its_log_ins_for_a_year_and_its_rows_for_seven() {
        let days = |leftover| RETENTION.iter().find(|rule| rule.leftover == leftover).unwrap().days;
        assert_eq!(days(Leftover::PersonalInEvents), 90);
        assert_eq!(days(Leftover::PersonalInLogIns), 365);
        assert_eq!(days(Leftover::Events), 2557);
    }

    #[test]
    fn what_is_personal_goes_before_the_row_goes() {
        for rule in RETENTION.iter().filter(|rule| rule.fate == Fate::Anonymised) {
            let row = RETENTION
                .iter()
                .find(|other| other.table == rule.table && other.fate == Fate::Deleted);
            assert!(row.is_some_and(|row| row.days > rule.days), "{rule:?}");
        }
    }
}
