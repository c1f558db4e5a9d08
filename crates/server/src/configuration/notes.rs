//! What an operator should know about a configuration that is not wrong.

use rookery_core::LimitProfile;

use super::Configuration;

impl Configuration {
    /// What to know, a sentence each. Shown by `check-config` and logged at start.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.profile.is_production() && self.rate_limits == LimitProfile::Off {
            notes.push("rate limits are off: passwords can be guessed as fast as they are hashed".to_owned());
        }
        if self.profile.is_production() && self.database.is_sqlite() {
            notes.push("SQLite serves one process on one machine: take PostgreSQL to run more than one".to_owned());
        }
        if self.mail.server.is_none() && !self.listen.ip().is_loopback() {
            notes.push(
                "other machines may reach the mailbox page, and whoever reads a mail there can take its account over: listen on \
                 127.0.0.1, or set ROOKERY_SMTP_URL"
                    .to_owned(),
            );
        }
        if self.database.is_in_memory() {
            notes.push("the database is in memory: everything is gone when the server stops".to_owned());
        }
        if !self.database.is_sqlite() && self.database.migrate_at_start {
            notes.push(
                "the server migrates at start, so its PostgreSQL role owns the tables and could switch row-level security \
                 off: run `rookery migrate up` as another role"
                    .to_owned(),
            );
        }
        if self.database.may_be_overheard() {
            notes.push(
                "what travels to PostgreSQL on another machine need not be encrypted: add sslmode=verify-full to DATABASE_URL"
                    .to_owned(),
            );
        }
        notes
    }
}
