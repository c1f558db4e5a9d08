//! What is kept how long: the one table.

use chrono::Duration;

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
    /// What is personal in the audit log, except that of log-ins, from when it happened. Words that this release does not
    /// know count as log-ins.
    PersonalInEvents,
    /// What is personal in the log-ins of the audit log, from when they happened.
    PersonalInLogIns,
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
        leftover: Leftover::Events,
        table: "rookery_audit_events",
        rows: "events",
        from: "they happened",
        // Seven years hold one or two leap days.
        days: 7 * 365 + 2,
        fate: Fate::Deleted,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leftover_has_one_rule() {
        let mut leftovers: Vec<Leftover> = RETENTION.iter().map(|rule| rule.leftover).collect();
        leftovers.sort_unstable();
        leftovers.dedup();
        assert_eq!(leftovers.len(), RETENTION.len());
    }

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
